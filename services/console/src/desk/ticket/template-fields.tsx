import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useText } from "../../text/use-text.ts";
import css from "./ticket.module.css";

const field = /\{\{\s*([^{}]+?)\s*\}\}/gu;

/** What stands in a text still to be filled in, as templates write it: `{{ask:when}}`, `{{deadline}}`. */
export const gapsIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(field)].map(([, name]) => name ?? "")),
];

interface TemplateFieldsProps {
  readonly text: string;
  onText(text: string): void;
}

/** Asks for what a template could not know; an answer takes its place in the text when the field is left. */
export function TemplateFields({ text, onText }: TemplateFieldsProps): React.ReactNode {
  const { t } = useText();
  const gaps = gapsIn(text);
  if (gaps.length === 0) return null;
  return (
    <div className={css["gaps"]} role="group" aria-label={t("composer.gaps")}>
      {gaps.map((name) => (
        <Gap
          key={name}
          label={name.replace(/^ask:/u, "")}
          onAnswer={(answer) => onText(text.replace(field, (whole, each: string) => (each === name ? answer : whole)))}
        />
      ))}
    </div>
  );
}

function Gap({ label, onAnswer }: { readonly label: string; onAnswer(answer: string): void }): React.ReactNode {
  const [value, setValue] = useState("");
  const done = (): void => {
    if (value.trim() !== "") onAnswer(value.trim());
  };
  return (
    <TextInput
      size="xs"
      label={label}
      value={value}
      onChange={(event) => setValue(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        done();
      }}
    />
  );
}
