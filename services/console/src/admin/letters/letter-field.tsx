import { Textarea, TextInput } from "@mantine/core";
import { useText } from "../../text/use-text.ts";
import type { Writing } from "./side.tsx";

type FieldName = "subject" | "text" | "after" | "greeting" | "button" | "signature";

interface LetterFieldProps<Name extends FieldName> {
  readonly writing: Writing<Record<Name, string>>;
  readonly name: Name;
  /** characters */
  readonly most: number;
  /** fewest and most lines that are shown; without them it is one line */
  readonly lines?: readonly [number, number];
  readonly optional?: boolean;
  /** takes no placeholders */
  readonly plain?: boolean;
}

/** One part of a letter's words. */
export function LetterField<Name extends FieldName>(props: LetterFieldProps<Name>): React.ReactNode {
  const { writing, name, most, lines, optional = false, plain = false } = props;
  const { words, faults, write, enter } = writing;
  const { t } = useText();
  const field = {
    size: "xs",
    label: t(`letters.${name}`),
    withAsterisk: !optional,
    maxLength: most,
    error: faults.get(name),
    value: words[name],
    ...(plain ? {} : { onFocus: () => enter(name) }),
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      write({ [name]: event.currentTarget.value } as Partial<Record<Name, string>>),
  };
  if (lines === undefined) return <TextInput {...field} />;
  return <Textarea {...field} autosize minRows={lines[0]} maxRows={lines[1]} />;
}
