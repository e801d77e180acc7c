import type { CalendarEntry, Contract, Person, RoutingRules } from "@docket/domain";
import type { DirectoryEntry } from "@docket/api-contract";
import { useNames, type Names } from "../api/directory.ts";
import { useRead } from "../moment/moment.ts";
import { Table } from "../ops/table.tsx";
import { useText } from "../text/use-text.ts";
import { Moment } from "../ui/moment.tsx";
import css from "./admin.module.css";
import { DoLink } from "./forms/doing.tsx";
import { stepText, targetText } from "./targets.tsx";
import { EntryLink, fieldTitle } from "./value.tsx";

/** A customer's people. */
export function People({ people }: { readonly people: readonly Person[] }): React.ReactNode {
  const { t } = useText();
  return (
    <Table
      title={t("admin.field.people")}
      none={t("admin.none")}
      heads={[t("admin.field.personName"), t("admin.field.email"), t("admin.phones"), t("admin.doing")]}
      rows={people.map(({ personId, name, emails, phones }) => [
        name,
        emails.join(", ") || "–",
        phones.join(", ") || "–",
        <span key="do" className={css["partVerbs"]}>
          <DoLink command="change-person" of={personId} title={t("admin.edit")} about={name} />
          <DoLink command="remove-person" of={personId} title={t("admin.remove")} about={name} />
        </span>,
      ])}
    />
  );
}

/** The versions of a contract's policy, the latest first: the matrix of targets by type and priority, and the rest of it. */
export function Policies({ policies }: Pick<Contract, "policies">): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const calendars = useRead<{ items: readonly DirectoryEntry[] }>("/calendars", { query: { limit: 500 } });
  const calendarName = (id: string): string => calendars.data?.items.find((one) => one.id === id)?.name ?? id;
  return policies.toReversed().map(({ version, effectiveFrom, policy }) => (
    <div key={version} data-version={version} className={css["version"]}>
      <Table
        title={t("admin.policyVersion", { version })}
        none={t("admin.none")}
        heads={[t("admin.type"), ...priorityOrder.map((priority) => term("priority", priority))]}
        rows={typeOrder
          .filter((type) => policy.targets.some((target) => target.type === type))
          .map((type) => [
            <b key="type">{term("ticketType", type)}</b>,
            ...priorityOrder.map((priority) => {
              const target = policy.targets.find((one) => one.type === type && one.priority === priority);
              return target === undefined ? (
                <span key={priority} className={css["never"]}>
                  –
                </span>
              ) : (
                <dl key={priority} className={css["target"]}>
                  {(["reaction", "resolution"] as const).map((clock) => (
                    <div key={clock}>
                      <dt>{t(`admin.${clock}`)}</dt>
                      <dd>{targetText(t, target[clock])}</dd>
                    </div>
                  ))}
                </dl>
              );
            }),
          ])}
      />
      <p>
        {t("admin.holdsFrom")} <Moment at={effectiveFrom} /> · {t("admin.calendar")}:{" "}
        <EntryLink kind="calendar" id={policy.calendarId} name={calendarName(policy.calendarId)} /> ·{" "}
        {t("admin.policy.ola")}:{" "}
        {policy.ola.map(({ line, target }) => `${term("line", String(line))} ${targetText(t, target)}`).join(", ")}
      </p>
      <p>
        {t("admin.policy.pauses")}:{" "}
        {(["customer", "approval"] as const)
          .filter((pause) => policy.pauses[pause])
          .map((pause) => t(`admin.policy.pause.${pause}`))
          .join(", ") || "–"}{" "}
        · {t("admin.policy.closesAfter")}: {policy.confirmation.workingDays} · {t("admin.policy.reminders")}:{" "}
        {policy.confirmation.reminders.join(", ") || "–"}
      </p>
      {policy.chain.length === 0 ? null : (
        <p>
          {t("admin.policy.chain")}:{" "}
          {policy.chain
            .map(
              ({ clock, at, action, groupId }) =>
                `${term("clockKind", clock)} ${stepText(t, at)} – ${term("chainAction", action)}${groupId === null ? "" : ` (${names.group(groupId)})`}`,
            )
            .join("; ")}
        </p>
      )}
    </div>
  ));
}

const typeOrder = ["incident", "change", "consultation", "scheduled_work"] as const;
const priorityOrder = ["high", "medium", "low"] as const;

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
