import type { ActionField, TicketActions } from "@docket/api-contract";
import { Checkbox, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { browserZone } from "../../text/format.ts";
import { term } from "../../text/i18n.ts";
import { MomentField } from "../../ui/moment-field.tsx";
import { Attach, type Attached } from "./attach.tsx";

export type Values = Readonly<Record<string, unknown>>;

interface FieldProps {
  readonly field: ActionField;
  readonly first: boolean;
  readonly actions: TicketActions;
  readonly command: string;
  readonly values: Values;
  readonly error: string | undefined;
  onChange(values: Values): void;
}

/** One field of a command, of the kind that the gateway says. */
export function Field({ field, first, actions, command, values, error, onChange }: FieldProps): React.ReactNode {
  const { name, title, kind, required, max, options } = field;
  const value = values[name];
  const shared = {
    label: title,
    withAsterisk: required,
    error,
    "data-field": name,
    ...(first ? { "data-autofocus": true } : {}),
  };
  const text = typeof value === "string" ? value : "";
  const choices = choicesOf(field, actions, command, values);
  if (choices !== null)
    return (
      <Select
        {...shared}
        data={choices}
        value={text === "" ? null : text}
        onChange={(chosen) =>
          onChange({
            [name]: chosen,
            ...(name === "groupId" || name === "toLine" ? { engineerId: null } : {}),
            ...(name === "toLine" ? { groupId: null } : {}),
          })
        }
        searchable
        clearable={!required}
        clearButtonProps={{ "aria-label": title }}
      />
    );
  switch (kind) {
    case "person": {
      const people = actions.choices.people;
      const index = people.findIndex((person) => JSON.stringify(person) === JSON.stringify(value));
      return (
        <Select
          {...shared}
          data={people.map((person, at) => ({
            value: String(at),
            label: [person.name, person.email].filter(Boolean).join(", "),
          }))}
          value={index === -1 ? null : String(index)}
          onChange={(chosen) => onChange({ [name]: chosen === null ? null : people[Number(chosen)] })}
        />
      );
    }
    case "flag":
      return (
        <Checkbox
          label={title}
          checked={value === true}
          onChange={(event) => onChange({ [name]: event.currentTarget.checked })}
        />
      );
    case "integer":
      return (
        <NumberInput
          {...shared}
          min={0}
          allowDecimal={false}
          value={typeof value === "number" ? value : ""}
          onChange={(number) => onChange({ [name]: typeof number === "number" ? number : null })}
        />
      );
    case "instant":
      return (
        <MomentField
          {...shared}
          size="sm"
          description={browserZone}
          value={text}
          onChange={(moment) => onChange({ [name]: moment })}
        />
      );
    case "files":
    case "file":
      return (
        <Attach
          label={title}
          required={required}
          error={error}
          first={first}
          many={kind === "files"}
          value={
            (kind === "files"
              ? (value as readonly Attached[] | undefined)
              : value == null
                ? []
                : [value as Attached]) ?? []
          }
          onChange={(files) => onChange({ [name]: kind === "files" ? files : (files[0] ?? null) })}
        />
      );
    case "long_text":
      return (
        <Textarea
          {...shared}
          autosize
          minRows={4}
          maxRows={14}
          {...(max === null ? {} : { maxLength: max })}
          value={text}
          onChange={(event) => onChange({ [name]: event.currentTarget.value })}
        />
      );
    default:
      return options === null ? (
        <TextInput
          {...shared}
          {...(max === null ? {} : { maxLength: max })}
          value={text}
          onChange={(event) => onChange({ [name]: event.currentTarget.value })}
        />
      ) : null;
  }
}

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

/** What a field may be, given what the others are: priorities of the chosen type, engineers of the chosen group. */
function choicesOf(
  { name, options, from }: ActionField,
  { choices }: TicketActions,
  command: string,
  values: Values,
): readonly Choice[] | null {
  const destinations = (command === "hand-over" ? choices.handOver : choices.assign).filter(
    ({ line }) => values["toLine"] == null || String(line) === String(values["toLine"]),
  );
  const type = choices.types.find(({ value }) => value === values["type"]);
  if (from === "types") return choices.types.map(({ value, title }) => ({ value, label: title }));
  if (from === "priorities")
    return (
      type?.priorities ??
      choices.types
        .flatMap(({ priorities }) => priorities)
        .filter((each, at, all) => all.findIndex(({ value }) => value === each.value) === at)
    ).map(({ value, title }) => ({ value, label: title }));
  if (from === "groups")
    return destinations.map(({ groupId, name: group, line }) => ({ value: groupId, label: `L${line} · ${group}` }));
  if (from === "engineers") {
    const groups = destinations.filter(({ groupId }) => values["groupId"] == null || groupId === values["groupId"]);
    const engineers = groups
      .flatMap(({ engineers }) => engineers)
      .filter((each, at, all) => all.findIndex(({ staffId }) => staffId === each.staffId) === at);
    return engineers.map(({ staffId, name: person, available, load }) => ({
      value: staffId,
      label: `${person} (${load})`,
      disabled: !available,
    }));
  }
  if (from === "proposals")
    return choices.proposals.map(({ proposalId, kind, state }) => ({
      value: proposalId,
      label: `${term("proposalKind", kind)}, ${term("proposal", state)}`,
    }));
  if (from === "escalations")
    return choices.escalations.map(({ escalationId, by, state }) => ({
      value: escalationId,
      label: `${term("escalatedBy", by)}, ${term("escalation", state)}`,
    }));
  if (options !== null) return options.map(({ value, title }) => ({ value, label: title }));
  return name === "toLine" ? choices.lines.map((line) => ({ value: String(line), label: `L${line}` })) : null;
}
