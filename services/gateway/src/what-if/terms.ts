import { compileCalendar, versionedCalendar, type WorkingCalendar } from "@docket/sla";
import type { WhatIfBody } from "@docket/api-contract";
import { workingCalendarOf, type CalendarEntry, type OtherTerms } from "@docket/domain";
import type { Db } from "@docket/postgres";
import { calendarsAt, contractsAt } from "../directory/past.ts";
import { Refusal } from "../http/refusal.ts";
import type { Moment } from "../query/moment.ts";

/** What would be otherwise, and the calendars by which was counted, as the directory knew them at the moment. */
export interface Terms {
  readonly other: OtherTerms;
  readonly calendarOf: (calendarId: string) => WorkingCalendar;
  /** what people call a calendar, or one version of it (`id@version`); null: it has no name, as it was given with the question */
  readonly calendarNameOf: (calendarId: string) => { readonly name: string; readonly version: number | null } | null;
}

/** Reads the terms that a what-if names. Throws what the route's errors list. */
export async function termsOf(db: Db, asked: WhatIfBody, moment: Moment): Promise<Terms> {
  if (asked.period.to <= asked.period.from)
    throw new Refusal("period_empty", { field: "period.to", params: { ...asked.period } });
  if (asked.policy !== undefined && asked.contractId !== undefined)
    throw new Refusal("not_allowed", { field: "policy" });
  if (asked.calendar !== undefined && asked.calendarId !== undefined)
    throw new Refusal("not_allowed", { field: "calendar" });
  if ((asked.contractId === undefined) !== (asked.version === undefined))
    throw new Refusal("required", { field: asked.version === undefined ? "version" : "contractId" });
  if (asked.calendarVersion !== undefined && asked.calendarId === undefined)
    throw new Refusal("required", { field: "calendarId" });
  const calendars = await calendarsAt(db, "all", moment);
  const { policy, whole } = await policyOf(db, asked, moment);
  const calendar = calendarOf(asked, policy?.calendarId, calendars);
  if (policy === undefined && calendar === undefined) throw new Refusal("nothing_to_compare");
  const { targets, ola, pauses } = policy ?? {};
  return {
    other: {
      target:
        targets === undefined && ola === undefined
          ? undefined
          : (kind, line, type, priority) => {
              const none = whole ? null : undefined;
              if (kind === "ola") return ola?.find((entry) => entry.line === line)?.target ?? none;
              const found = targets?.find((entry) => entry.type === type && entry.priority === priority);
              return found === undefined ? none : found[kind];
            },
      pauses,
      calendar,
    },
    calendarOf: (calendarId) => {
      const entry = calendars.get(calendarId);
      if (entry === undefined) throw new Error(`calendar ${calendarId} is not in the directory`);
      return workingCalendarOf(entry);
    },
    calendarNameOf: (calendarId) => {
      const whole = calendars.get(calendarId);
      if (whole !== undefined) return { name: whole.name, version: null };
      const [, id = "", version] = /^(.*)@(\d+)$/u.exec(calendarId) ?? [];
      const entry = calendars.get(id);
      return entry === undefined ? null : { name: entry.name, version: Number(version) };
    },
  };
}

/** `whole`: what the policy does not name is not covered by it; of one that was given, it stays as recorded. */
async function policyOf(
  db: Db,
  { policy, contractId, version }: WhatIfBody,
  moment: Moment,
): Promise<{ readonly policy: WhatIfBody["policy"]; readonly whole: boolean }> {
  if (contractId === undefined) return { policy, whole: false };
  const contract = (await contractsAt(db, [contractId], moment)).get(contractId);
  if (contract === undefined) throw new Refusal("contract_unknown", { field: "contractId", params: { contractId } });
  const found = contract.policies.find((entry) => entry.version === version);
  if (found === undefined)
    throw new Refusal("policy_version_unknown", { field: "version", params: { contractId, version } });
  return { policy: found.policy, whole: true };
}

/** The calendar that counts instead: the one given, or the one named, or the policy's own. */
function calendarOf(
  { calendar, calendarId, calendarVersion }: WhatIfBody,
  ofPolicy: string | undefined,
  calendars: ReadonlyMap<string, CalendarEntry>,
): OtherTerms["calendar"] {
  if (calendar !== undefined) return { calendarId: "given", calendar: compileCalendar(calendar) };
  const id = calendarId ?? ofPolicy;
  if (id === undefined) return undefined;
  const entry = calendars.get(id);
  if (entry === undefined)
    throw new Refusal("calendar_unknown", {
      field: calendarId === undefined ? "policy.calendarId" : "calendarId",
      params: { calendarId: id },
    });
  if (calendarVersion === undefined) return { calendarId: id, calendar: workingCalendarOf(entry) };
  const version = entry.versions.find((one) => one.version === calendarVersion);
  const only = version && versionedCalendar([version]);
  if (!only?.ok)
    throw new Refusal("calendar_version_unknown", {
      field: "calendarVersion",
      params: { calendarId: id, version: calendarVersion },
    });
  return { calendarId: `${id}@${calendarVersion}`, calendar: only.value };
}
