import type { CommandReply, DirectoryEntry } from "@docket/api-contract";
import type { RoutingRule, SlaPolicy } from "@docket/domain";
import { forms } from "virtual:command-forms";
import { useState } from "react";
import type { FormField } from "../../../build/command-forms.ts";
import { useNames } from "../../api/directory.ts";
import { useText } from "../../text/use-text.ts";
import css from "../admin.module.css";
import { Change } from "../change.tsx";
import { fieldTitle } from "../value.tsx";
import { CalendarEditor, calendarIsSound } from "./calendar-editor.tsx";
import { FieldInput } from "./field-input.tsx";
import { forgetKept, keptValues, keepValues } from "./kept.ts";
import { Members } from "./members.tsx";
import { PolicyEditor } from "./policy-editor.tsx";
import { policyIsSound } from "./policy.ts";
import { useChoices } from "./references.tsx";
import { RulesEditor } from "./rules-editor.tsx";
import type { CalendarBody } from "./special-days.ts";
import { blankOf, bodyOf, idFrom, missingOf, type Values } from "./values.ts";

interface CommandFormProps {
  /** as the gateway's address has it: `change-contract-terms` */
  readonly command: string;
  /** what stands in the form at first, beside what is left blank */
  readonly start: Values;
  /** fields that are known and not shown */
  readonly hidden: readonly string[];
  /** the field that gives the new entry its identifier, made from its name until somebody writes another */
  readonly given?: { readonly id: string; readonly from: string } | undefined;
  /** the entry as it was read: somebody else's change meanwhile is a conflict */
  readonly entry?: Pick<DirectoryEntry, "revision" | "state"> | undefined;
  readonly onSaved: (reply: CommandReply, values: Values) => void;
}

/**
 * The form of any command on the directory: its fields come from the command's own schema, what is too much for a field
 * (policy, calendar, rules, members) has an editor of its own. What is typed survives a reload.
 */
export function CommandForm({ command, start, hidden, given, entry, onSaved }: CommandFormProps): React.ReactNode {
  const { t, commandTitle } = useText();
  const form = forms[command];
  const fields = form?.fields ?? [];
  const place = `${command} ${JSON.stringify(hidden.map((name) => start[name]))}`;
  const [values, setValues] = useState<Values>(() => ({ ...blankOf(fields), ...start, ...keptValues(place) }));
  const names = useNames();
  const organizationId = organizationOf(values, names.contracts, entry);
  const choices = useChoices(names, organizationId);
  if (form === undefined) return null;

  const change = (name: string, value: unknown): void => {
    const next = withIdentifier({ ...values, [name]: value }, values, name, given);
    setValues(next);
    keepValues(place, next);
  };
  const missing = missingOf(fields, values, hidden);
  const off =
    missing.length > 0
      ? t("admin.missing", { fields: missing.map((name) => fieldTitle(t, name)).join(", ") })
      : wholeFault(t, fields, values);
  return (
    <Change
      title={commandTitle(form.type)}
      command={command}
      body={bodyOf(fields, values)}
      off={off}
      revision={entry?.revision}
      onSaved={(reply) => {
        forgetKept(place);
        onSaved(reply, values);
      }}
    >
      {(faults) => (
        <>
          <div className={css["inputs"]}>
            {inOrder(fields, given?.id)
              .filter((field) => field.kind !== "whole" && !hidden.includes(field.name) && !isMembers(command, field))
              .map((field) => (
                <FieldInput
                  key={field.name}
                  field={field}
                  path={field.name}
                  value={values[field.name]}
                  onChange={(value) => change(field.name, value)}
                  faults={faults}
                  choices={choices}
                  given={given?.id}
                  hidden={hidden}
                  human={aboutSomebody.has(command)}
                />
              ))}
          </div>
          {command === "change-group-members" ? (
            <Members
              choices={choices("memberIds")}
              members={(entry?.state["memberIds"] ?? []) as readonly string[]}
              values={values}
              onChange={(next) => setValues({ ...values, ...next })}
            />
          ) : null}
          {has(fields, "policy") ? (
            <PolicyEditor
              policy={values["policy"] as SlaPolicy}
              calendars={choices("calendarId")}
              groups={choices("groupId")}
              faults={faults}
              onChange={(policy) => change("policy", policy)}
            />
          ) : null}
          {has(fields, "calendar") ? (
            <CalendarEditor
              calendar={values["calendar"] as CalendarBody}
              faults={faults}
              onChange={(calendar) => change("calendar", calendar)}
            />
          ) : null}
          {has(fields, "rules") ? (
            <RulesEditor
              rules={values["rules"] as readonly RoutingRule[]}
              groups={choices("groupId")}
              organizations={choices("organizationId")}
              faults={faults}
              onChange={(rules) => change("rules", rules)}
            />
          ) : null}
        </>
      )}
    </Change>
  );
}

const aboutSomebody = new Set(["add-person", "change-person", "hire-staff", "change-staff"]);

const has = (fields: readonly FormField[], name: string): boolean =>
  fields.some((field) => field.name === name && field.kind === "whole");
const isMembers = (command: string, { name }: FormField): boolean =>
  command === "change-group-members" && (name === "add" || name === "remove");

/** What it is called stands first; the identifier last, as it follows from the rest and few care. */
const leading = ["name", "number", "subject", "organizationId", "contractId", "email", "role"];
function inOrder(fields: readonly FormField[], id: string | undefined): readonly FormField[] {
  const place = ({ name }: FormField): number =>
    name === id ? fields.length + 1 : leading.includes(name) ? leading.indexOf(name) - leading.length : 0;
  return fields.toSorted((a, b) => place(a) - place(b));
}

/** Until somebody writes an identifier of his own, it follows the name. */
function withIdentifier(next: Values, before: Values, changed: string, given: CommandFormProps["given"]): Values {
  const said = (values: Values, path: string): string => {
    const value = path.split(".").reduce<unknown>((at, part) => (at as Values | undefined)?.[part], values);
    return typeof value === "string" ? value : "";
  };
  if (given === undefined || changed !== given.from.split(".")[0]) return next;
  const [group, inner] = given.id.split(".");
  if (said(before, given.id) !== idFrom(said(before, given.from))) return next;
  const id = idFrom(said(next, given.from));
  return inner === undefined || group === undefined
    ? { ...next, [given.id]: id }
    : { ...next, [group]: { ...(next[group] as Values), [inner]: id } };
}

function organizationOf(
  values: Values,
  contracts: readonly DirectoryEntry[],
  entry: CommandFormProps["entry"],
): string | undefined {
  const said = values["organizationId"] ?? entry?.state["organizationId"];
  if (typeof said === "string" && said !== "") return said;
  return contracts.find(({ id }) => id === values["contractId"])?.organizationId ?? undefined;
}

/** What an editor of its own still lacks. */
function wholeFault(t: ReturnType<typeof useText>["t"], fields: readonly FormField[], values: Values): string | null {
  if (has(fields, "policy") && !policyIsSound(values["policy"] as SlaPolicy)) return t("admin.policy.unsound");
  if (has(fields, "calendar") && !calendarIsSound(values["calendar"] as CalendarBody)) return t("admin.hoursHint");
  return null;
}
