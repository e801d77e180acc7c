import { Checkbox, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { FormField } from "../../../build/command-forms.ts";
import { browserZone } from "../../text/format.ts";
import { isText, term } from "../../text/i18n.ts";
import { useText, type Texts } from "../../text/use-text.ts";
import { DayField } from "../../ui/day-field.tsx";
import { MomentField } from "../../ui/moment-field.tsx";
import css from "../admin.module.css";
import { fieldTitle } from "../value.tsx";
import { isReference, PickMany, PickOne, type Choice, type Reference } from "./references.tsx";
import { Repeats } from "./repeats.tsx";
import { instantOf, localOf, type Values } from "./values.ts";

interface FieldInputProps {
  readonly field: FormField;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** what was refused, by the field's path */
  readonly faults: ReadonlyMap<string, string>;
  readonly path: string;
  readonly choices: (name: Reference) => readonly Choice[];
  /** an identifier that is being given now is a text, whatever its name refers to elsewhere */
  readonly given?: string | undefined;
  readonly hidden: readonly string[];
  /** the form is about somebody, not something */
  readonly human: boolean;
}

/** Inputs stand on one line, whatever is said about them. */
const hintsBelow: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

/** In which words of the glossary the options of a field are said. */
const words: Readonly<Record<string, string>> = { role: "role", kind: "groupKind", line: "line" };
const staffRoles = ["operator", "engineer", "expert", "service_manager", "auditor", "analyst", "admin"];

function optionsOf({ t }: Texts, { name, options = [] }: FormField): Choice[] {
  const offered = name === "role" ? staffRoles : options;
  return offered.map((option) => {
    const value = String(option);
    const group = words[name];
    if (group !== undefined) return { value, label: term(group, value) };
    return { value, label: name === "language" ? t(value === "ru" ? "admin.russian" : "admin.english") : value };
  });
}

/** The input that a field of a command's schema asks for. */
export function FieldInput(props: FieldInputProps): React.ReactNode {
  const { field, value, onChange, faults, path, choices, given, hidden, human } = props;
  const texts = useText();
  const { t } = texts;
  const { name, kind, required, max } = field;
  const label = path === given ? t("admin.ownId") : fieldTitle(t, name === "name" && human ? "personName" : name);
  const hint = `admin.hint.${name}`;
  const common = {
    label,
    error: faultOf(faults, path),
    inputWrapperOrder: hintsBelow,
    ...(isText(hint) ? { description: t(hint) } : {}),
  };
  const longest = max === undefined ? {} : { maxLength: max };
  const text = typeof value === "string" ? value : "";
  if (path !== given && isReference(name)) {
    const picked = { label, choices: choices(name), error: common.error, required };
    return kind === "list" ? (
      <PickMany {...picked} value={(value ?? []) as readonly string[]} onChange={onChange} />
    ) : (
      <PickOne {...picked} value={text} onChange={onChange} />
    );
  }
  if (name === "zone") {
    const zones = Intl.supportedValuesOf("timeZone").map((zone) => ({ value: zone, label: zone }));
    return <PickOne label={label} choices={zones} error={common.error} required value={text} onChange={onChange} />;
  }
  if (name === "rrule") return <Repeats label={label} value={text} error={common.error} onChange={onChange} />;
  if (name === "start")
    return <MomentField {...common} wallClock withAsterisk={required} value={text} onChange={onChange} />;
  switch (kind) {
    case "flag":
      return (
        <Checkbox
          size="xs"
          className={css["check"] ?? ""}
          label={label}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          size="xs"
          allowDeselect={!required}
          withAsterisk={required}
          data={optionsOf(texts, field)}
          value={value === "" || value == null ? null : String(value)}
          onChange={(next) =>
            onChange(next === null ? "" : (field.options?.find((one) => String(one) === next) ?? next))
          }
        />
      );
    case "list":
      return (
        <TagsInput
          size="xs"
          {...common}
          description={isText(hint) ? `${t(hint)}. ${t("admin.tagsHint")}` : t("admin.tagsHint")}
          splitChars={[",", ";"]}
          acceptValueOnBlur
          value={[...((value ?? []) as readonly string[])]}
          onChange={onChange}
        />
      );
    case "parts":
      return (
        <fieldset className={css["parts"]}>
          <legend>{label}</legend>
          {(field.parts ?? [])
            .filter((part) => !hidden.includes(part.name))
            .map((part) => (
              <FieldInput
                {...props}
                key={part.name}
                field={part}
                path={`${path}.${part.name}`}
                value={(value as Values | undefined)?.[part.name]}
                onChange={(next) => onChange({ ...(value as Values | undefined), [part.name]: next })}
              />
            ))}
        </fieldset>
      );
    case "long":
      return (
        <Textarea
          {...common}
          {...longest}
          className={css["wide"] ?? ""}
          size="xs"
          autosize
          minRows={2}
          maxRows={10}
          withAsterisk={required}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "instant":
      return (
        <MomentField
          {...common}
          description={browserZone}
          withAsterisk={required}
          value={localOf(text)}
          onChange={(local) => onChange(instantOf(local))}
        />
      );
    case "day":
      return <DayField {...common} withAsterisk={required} value={text} onChange={onChange} />;
    default:
      return (
        <TextInput
          {...common}
          {...longest}
          size="xs"
          type={name === "email" ? "email" : "text"}
          withAsterisk={required}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

/** What was refused of a field or of anything within it. */
export const faultOf = (faults: ReadonlyMap<string, string>, path: string): string | undefined =>
  faults.get(path) ?? [...faults].find(([each]) => each.startsWith(`${path}.`))?.[1];
