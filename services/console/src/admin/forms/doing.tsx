import type { DirectoryEntry } from "@docket/api-contract";
import type { CalendarEntry, Contract, Person } from "@docket/domain";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { forms } from "virtual:command-forms";
import { useSession } from "../../api/session.ts";
import { browserZone } from "../../text/format.ts";
import { useText } from "../../text/use-text.ts";
import { OffLink, OnlyNow, usePast } from "../../ui/only-now.tsx";
import css from "../admin.module.css";
import type { Kind } from "../kinds.ts";
import { usualCalendar } from "./calendar-editor.tsx";
import { CommandForm } from "./command-form.tsx";
import { usualPolicy } from "./policy.ts";
import { valuesOf, type Values } from "./values.ts";
import { madeBy, makes, mayDo, ownId, verbsOf } from "./verbs.ts";

interface Asked {
  /** a command, as the address has it */
  readonly do?: string;
  /** the person of a customer that it is about */
  readonly of?: string;
}
/** What is being done stands in the address: it can be linked to, and going back leaves the form. */
export const useAsked = (): Asked => useSearch({ strict: false });

/** A verb of an entry, or of one of its parts. */
export function DoLink(props: {
  readonly command: string;
  readonly of?: string;
  /** a short word where it stands beside what it is about */
  readonly title?: string;
  readonly about?: string;
}): React.ReactNode {
  const { commandTitle } = useText();
  const { role } = useSession().account;
  const asked = useAsked();
  const past = usePast();
  const { command, of, title, about } = props;
  if (!mayDo(role, command)) return null;
  const open = asked.do === command && asked.of === of;
  const words = title ?? commandTitle(forms[command]?.type ?? command);
  if (past !== undefined)
    return (
      <OffLink className={css["verb"]} why={past}>
        {words}
      </OffLink>
    );
  return (
    <Link
      to="."
      className={css["verb"] ?? ""}
      data-writes
      data-open={open}
      aria-label={title === undefined || about === undefined ? undefined : `${title}: ${about}`}
      search={((before: object) => ({ ...before, do: open ? undefined : command, of: open ? undefined : of })) as never}
    >
      {words}
    </Link>
  );
}

/** What may be done to an entry. */
export function Verbs({ kind, entry }: { readonly kind: Kind; readonly entry: DirectoryEntry }): React.ReactNode {
  const { t } = useText();
  const { role } = useSession().account;
  const verbs = verbsOf(kind, entry).filter((command) => mayDo(role, command));
  if (verbs.length === 0) return null;
  return (
    <nav className={css["verbs"]} aria-label={t("admin.verbs")}>
      {verbs.map((command) => (
        <DoLink key={command} command={command} />
      ))}
    </nav>
  );
}

/** The form that the address asks for, if any: for an entry, or for a new one of a kind. */
export function Doing({ kind, entry }: { readonly kind: Kind; readonly entry?: DirectoryEntry }): React.ReactNode {
  const { role } = useSession().account;
  const navigate = useNavigate();
  const { do: command, of } = useAsked();
  if (command === undefined || forms[command] === undefined || !mayDo(role, command)) return null;
  const possible = entry === undefined ? [makes[kind]] : [...verbsOf(kind, entry), ...ofPerson];
  if (!possible.includes(command)) return null;
  const made = madeBy(command);
  const { start, hidden } = begin(command, kind, entry, of);
  return (
    <OnlyNow>
      <CommandForm
        key={`${command} ${of ?? ""} ${entry?.id ?? ""} ${entry?.revision ?? ""}`}
        command={command}
        start={start}
        hidden={hidden}
        given={givenBy(command, made)}
        entry={made === undefined ? entry : undefined}
        onSaved={(_reply, values) => {
          if (made === undefined)
            void navigate({
              to: ".",
              search: ((before: object) => ({ ...before, do: undefined, of: undefined })) as never,
            });
          else
            void navigate({
              to: "/admin/$kind/$entry",
              params: { kind: made, entry: String(values[ownId(made)]) } as never,
              search: {} as never,
            });
        }}
      />
    </OnlyNow>
  );
}

/** What is done to one of an organization's people. */
const ofPerson = ["change-person", "remove-person"];

/** Where a new identifier comes from. */
function givenBy(command: string, made: Kind | undefined): { id: string; from: string } | undefined {
  if (command === "add-person") return { id: "person.personId", from: "person.name" };
  if (made === undefined) return undefined;
  return { id: ownId(made), from: { contract: "number", plan: "subject" }[String(made)] ?? "name" };
}

/** What a form begins with, and which of its fields are known already. */
function begin(
  command: string,
  kind: Kind,
  entry: DirectoryEntry | undefined,
  of: string | undefined,
): { readonly start: Values; readonly hidden: readonly string[] } {
  const now = `${new Date().toISOString().slice(0, 16)}:00.000Z`;
  const own: Values = entry === undefined ? {} : { [ownId(kind)]: entry.id };
  const fields = forms[command]?.fields ?? [];
  switch (command) {
    case "register-organization":
    case "hire-staff":
      return { start: { language: "ru", zone: browserZone, role: "engineer" }, hidden: [] };
    case "sign-contract":
      return {
        start: {
          ...(kind === "organization" ? own : {}),
          validFrom: now.slice(0, 10),
          policy: usualPolicy,
          policyEffectiveFrom: `${now.slice(0, 10)}T00:00:00.000Z`,
        },
        hidden: kind === "organization" ? [ownId(kind)] : [],
      };
    case "define-calendar":
      return { start: { calendar: usualCalendar, effectiveFrom: now }, hidden: [] };
    case "define-plan":
      return {
        start: { ...(kind === "contract" ? own : {}), zone: browserZone, rrule: "FREQ=MONTHLY" },
        hidden: kind === "contract" ? [ownId(kind)] : [],
      };
    case "add-person":
      return { start: own, hidden: [ownId(kind)] };
    case "change-person":
    case "remove-person": {
      const people = (entry?.state["people"] ?? []) as readonly Person[];
      const {
        personId = of ?? "",
        name = "",
        emails = [],
        phones = [],
      } = people.find((one) => one.personId === of) ?? {};
      return {
        start: { ...own, personId, person: { personId, name, emails, phones } },
        hidden: [ownId(kind), "personId"],
      };
    }
    case "change-contract-policy": {
      const policies = (entry?.state["policies"] ?? []) as Contract["policies"];
      return {
        start: { ...own, policy: policies.at(-1)?.policy ?? usualPolicy, policyEffectiveFrom: now },
        hidden: [ownId(kind)],
      };
    }
    case "revise-calendar": {
      const versions = (entry?.state["versions"] ?? []) as CalendarEntry["versions"];
      return {
        start: { ...own, calendar: versions.at(-1)?.calendar ?? usualCalendar, effectiveFrom: now },
        hidden: [ownId(kind)],
      };
    }
    case "change-availability":
      return { start: { ...own, available: entry?.state["available"] !== true }, hidden: [ownId(kind), "available"] };
    case "publish-routing-rules":
      return {
        start: { rules: entry?.state["rules"] ?? [], fallbackGroupId: entry?.state["fallbackGroupId"] ?? "" },
        hidden: [],
      };
    default:
      return {
        start: { ...valuesOf(fields, entry?.state ?? {}), ...own },
        hidden: entry === undefined ? [] : [ownId(kind)],
      };
  }
}
