import { Link } from "@tanstack/react-router";
import type { Names } from "../api/directory.ts";
import { isText } from "../text/i18n.ts";
import { dateText, numberText } from "../text/format.ts";
import { useText, type Texts } from "../text/use-text.ts";
import { momentWritten } from "../ui/day-text.ts";
import { Moment } from "../ui/moment.tsx";
import type { Kind } from "./kinds.ts";

interface ValueProps {
  /** name of the field in the entry's state */
  readonly field: string;
  readonly value: unknown;
  readonly names: Names;
  /** in a table: lists are only counted */
  readonly brief?: boolean;
}

/** The name of a field as a person reads it; one that has no name yet shows its own. */
export function fieldTitle(t: Texts["t"], field: string): string {
  const key = `admin.field.${field}`;
  return isText(key) ? t(key) : field;
}

const counted = new Set(["policies", "versions", "rules"]);
const days = new Set(["validFrom", "validTo", "terminatedLastDay"]);
const instants = new Set(["nextAt", "lastAt", "effectiveFrom", "expiresAt"]);
const people = new Set(["authorisedPersonIds", "managerContactPersonIds", "requesterPersonId"]);

/** A field of an entry, said in names and words instead of ids and codes. */
export function Value({ field, value, names, brief = false }: ValueProps): React.ReactNode {
  const texts = useText();
  const { t, term } = texts;
  if (field === "validTo" && value == null) return t("admin.openEnded");
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return t(value ? "admin.yes" : "admin.no");
  if (Array.isArray(value)) {
    if (value.length === 0) return "–";
    if (brief || counted.has(field)) return numberText(value.length);
    return value.map((each: unknown, place) => (
      <span key={place}>
        {place === 0 ? "" : ", "}
        <Value field={field} value={each} names={names} />
      </span>
    ));
  }
  if (instants.has(field)) return <Moment at={value as string | number} />;
  if (typeof value === "object") return inner(texts, field, value as Readonly<Record<string, unknown>>);
  const said = String(value);
  if (days.has(field)) return dateText(said);
  if (people.has(field)) return customerName(names, said);
  switch (field) {
    case "organizationId":
      return <EntryLink kind="organization" id={said} name={names.organization(said)} />;
    case "contractId":
      return <EntryLink kind="contract" id={said} name={names.contract(said)} />;
    case "serviceManagerId":
    case "memberIds":
    case "staffId":
      return <EntryLink kind="staff" id={said} name={names.person(said)} />;
    case "fallbackGroupId":
      return <EntryLink kind="group" id={said} name={names.group(said)} />;
    case "role":
      return term("role", said);
    case "line":
      return term("line", said);
    case "kind":
      return term("groupKind", said);
    case "language":
      return t(said === "ru" ? "admin.russian" : "admin.english");
    case "start":
      return momentWritten(said, texts.language);
    default:
      return said;
  }
}

export function EntryLink(props: { readonly kind: Kind; readonly id: string; readonly name: string }): React.ReactNode {
  return (
    <Link to="/admin/$kind/$entry" params={{ kind: props.kind, entry: props.id } as never}>
      {props.name}
    </Link>
  );
}

function inner({ t }: Texts, field: string, value: Readonly<Record<string, unknown>>): string {
  if (field === "people") return String(value["name"]);
  const said = Object.entries(value).flatMap(([name, each]) => {
    if (each === false || each === null) return [];
    return [each === true ? fieldTitle(t, name) : `${fieldTitle(t, name)}: ${String(each)}`];
  });
  return said.length === 0 ? "–" : said.join(", ");
}

function customerName(names: Names, personId: string): string {
  for (const { state } of names.organizations) {
    const found = ((state["people"] ?? []) as { personId: string; name: string }[]).find(
      (one) => one.personId === personId,
    );
    if (found !== undefined) return found.name;
  }
  return personId;
}
