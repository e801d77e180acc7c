import type { CalendarEntry, Contract, Person, RoutingRules } from "@docket/domain";
import type { DirectoryEntry } from "@docket/api-contract";
import type { Names } from "../api/directory.ts";
import { useRead } from "../moment/moment.ts";
import { Table } from "../ops/table.tsx";
import { useText } from "../text/use-text.ts";
import { Moment } from "../ui/moment.tsx";
import { EntryLink, fieldTitle } from "./value.tsx";

/** A customer's people. */
export function People({ people }: { readonly people: readonly Person[] }): React.ReactNode {
  const { t } = useText();
  return (
    <Table
      title={t("admin.field.people")}
      none={t("admin.none")}
      heads={[t("admin.field.name"), t("admin.field.email"), t("admin.phones")]}
      rows={people.map(({ name, emails, phones }) => [name, emails.join(", ") || "–", phones.join(", ") || "–"])}
    />
  );
}

/** The versions of a contract's policy, the latest first: targets by type and priority, and the lines' acceptance. */
export function Policies({ policies }: Pick<Contract, "policies">): React.ReactNode {
  const { t, term } = useText();
  const calendars = useRead<{ items: readonly DirectoryEntry[] }>("/calendars", { query: { limit: 500 } });
  const calendarName = (id: string): string => calendars.data?.items.find((one) => one.id === id)?.name ?? id;
  return policies.toReversed().map(({ version, effectiveFrom, policy }) => (
    <div key={version} data-version={version}>
      <Table
        title={t("admin.policyVersion", { version })}
        none={t("admin.none")}
        heads={[t("admin.type"), t("admin.priority"), t("admin.reaction"), t("admin.resolution")]}
        rows={policy.targets.map(({ type, priority, reaction, resolution }) => [
          term("ticketType", type),
          term("priority", priority),
          targetText(t, reaction),
          targetText(t, resolution),
        ])}
      />
      <p>
        {t("admin.holdsFrom")} <Moment at={effectiveFrom} /> · {t("admin.calendar")}:{" "}
        <EntryLink kind="calendar" id={policy.calendarId} name={calendarName(policy.calendarId)} /> ·{" "}
        {policy.ola.map(({ line, target }) => `${term("line", String(line))}: ${targetText(t, target)}`).join(", ")}
      </p>
    </div>
  ));
}

/** Which targets the newest version of a policy has otherwise than the one before. */
export function TargetChanges(props: { readonly before: unknown; readonly after: unknown }): React.ReactNode {
  const { t, term } = useText();
  const newest = (policies: unknown): Contract["policies"][number] | undefined =>
    (policies as Contract["policies"] | null)?.toSorted((a, b) => a.version - b.version).at(-1);
  const old = newest(props.before)?.policy.targets ?? [];
  return newest(props.after)?.policy.targets.flatMap((target) => {
    const was = old.find(({ type, priority }) => type === target.type && priority === target.priority);
    return (["reaction", "resolution"] as const).flatMap((clock) =>
      was === undefined || was[clock] === target[clock] ? (
        []
      ) : (
        <div key={`${target.type}${target.priority}${clock}`}>
          {term("ticketType", target.type)}, {term("priority", target.priority)}, {t(`admin.${clock}`)}:{" "}
          {targetText(t, was[clock])} → {targetText(t, target[clock])}
        </div>
      ),
    );
  });
}

/** `4h`, `30m`, `3d` in words. */
function targetText(t: ReturnType<typeof useText>["t"], target: string): string {
  if (target.endsWith("d")) return t("admin.workingDays", { count: Number.parseInt(target, 10) });
  return target
    .replace(/(\d+)h/u, `$1 ${t("admin.hours")} `)
    .replace(/(\d+)m/u, `$1 ${t("admin.minutes")}`)
    .trim();
}

/** The versions of a calendar, the latest first. */
export function Versions({ versions }: Pick<CalendarEntry, "versions">): React.ReactNode {
  const { t } = useText();
  return (
    <Table
      title={t("admin.field.versions")}
      none={t("admin.none")}
      heads={[t("admin.version"), t("admin.holdsFrom"), t("admin.field.zone"), t("admin.week")]}
      rows={versions
        .toReversed()
        .map(({ version, effectiveFrom, calendar }) => [
          version,
          <Moment key="from" at={effectiveFrom} />,
          calendar.tz ?? "UTC",
          calendar["24x7"] === true ? t("admin.always") : weekText(calendar.weeklyHours ?? {}, t),
        ])}
    />
  );
}

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** `Mon–Fri 09:00–18:00; Sat 10:00–14:00`: neighbouring days of the same hours are said together. */
function weekText(hours: Readonly<Record<string, unknown>>, t: ReturnType<typeof useText>["t"]): string {
  const runs: { first: string; last: string; said: string }[] = [];
  for (const day of weekdays) {
    const said = ((hours[day] ?? []) as readonly (readonly [string, string])[])
      .map((span) => span.join("–"))
      .join(", ");
    const name = t(`admin.day.${day}`);
    const run = runs.at(-1);
    if (run?.said === said) run.last = name;
    else runs.push({ first: name, last: name, said });
  }
  return runs
    .filter(({ said }) => said !== "")
    .map(({ first, last, said }) => `${first === last ? first : `${first}–${last}`} ${said}`)
    .join("; ");
}

/** The rules in the order in which they are tried. */
export function Rules({ rules, names }: Pick<RoutingRules, "rules"> & { readonly names: Names }): React.ReactNode {
  const { t, term } = useText();
  const word = (field: string, value: string): string =>
    field === "types"
      ? term("ticketType", value)
      : field === "priorities"
        ? term("priority", value)
        : field === "organizationIds"
          ? names.organization(value)
          : value;
  return (
    <Table
      title={t("admin.field.rules")}
      none={t("admin.none")}
      heads={[t("admin.rule"), t("admin.when"), t("admin.to"), t("admin.pick"), t("admin.field.skills")]}
      rows={rules.map(({ ruleId, when, to }) => [
        ruleId,
        Object.entries(when)
          .map(
            ([field, values]) =>
              `${fieldTitle(t, field)}: ${(values ?? []).map((value) => word(field, value)).join(", ")}`,
          )
          .join("; ") || t("admin.everything"),
        <EntryLink key="to" kind="group" id={to.groupId} name={names.group(to.groupId)} />,
        t(`admin.pick.${to.pick}`),
        to.skills.join(", ") || "–",
      ])}
    />
  );
}
