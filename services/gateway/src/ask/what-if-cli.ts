import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import type { WhatIfJob, WhatIfTicket } from "@docket/api-contract";
import { CodedError } from "@docket/service-kit";
import { misused, runVerb } from "./command-line.ts";
import { changeColumns, differenceColumns, outcomeColumns, reasonColumns } from "./columns.ts";
import { filtersOf, languageNamed, limitOf, print, walk, type Row } from "./asking.ts";
import { openDoor, type Door } from "./door.ts";
import { saveTables } from "./save.ts";
import { tableOf, type Reader } from "./table.ts";
import { timeOf, zoneNamed } from "./time.ts";

const usage = `scripts/docket what-if FROM TO [OPTION...]

Judges the tickets of a period once more, under another policy or calendar, and shows both judgements side by side with the reason of
each difference. Nothing recorded is touched. FROM and TO are 2024-04-01T00:00:00+03:00, or "2024-04-01" with --zone; TO is not in it.

  --policy FILE           JSON: what the policy would say otherwise {"targets": [...], "ola": [...], "pauses": {...}, "calendarId": "..."};
                          what is left out stays as it was recorded; - for standard input
  --contract ID --version N   the policy of an existing version of a contract, for everybody
  --calendar FILE         JSON: a calendar as in DefineCalendar; - for standard input
  --calendar-id ID [--calendar-version N]   a calendar of the directory
  --by MOMENT             which moment of a ticket lies in the period: registeredAt (default), resolvedAt, closedAt
  --filter NAME=VALUE     several times: organizationId, contractId, type, priority, product, channel, region, line, groupId, engineerId
  --kinds NAMES           reaction,resolution (default), ola
  --as-of TIME            what was known at a past moment (default now)
  --at-position P         count nothing behind this log position
  --limit N               how many tickets with another outcome are listed (default 50; 0: all)
  --csv FILE              both judgements of every clock as CSV into a file; - for standard output
  --arrow FILE            the same as an Arrow stream
  --zone ZONE             IANA zone of local times, and of the times shown (default UTC)
  --lang ru|en            default en
  --json                  the job with its totals, and the tickets, as JSON
  --help                  this text

A long what-if says on standard error how far it is; Ctrl-C stops it.
`;

const options = {
  policy: { type: "string" },
  contract: { type: "string" },
  version: { type: "string" },
  calendar: { type: "string" },
  "calendar-id": { type: "string" },
  "calendar-version": { type: "string" },
  by: { type: "string" },
  filter: { type: "string", multiple: true },
  kinds: { type: "string" },
  "as-of": { type: "string" },
  "at-position": { type: "string" },
  limit: { type: "string" },
  csv: { type: "string" },
  arrow: { type: "string" },
  zone: { type: "string" },
  lang: { type: "string", default: "en" },
  json: { type: "boolean" },
} as const;

await runVerb({ usage, options }, async (values, [from, to, ...rest]) => {
  if (from === undefined || to === undefined || rest.length > 0) throw misused("wants FROM and TO; see --help");
  const language = languageNamed(values.lang);
  const reader = { language, zone: values.zone === undefined ? "UTC" : zoneNamed(values.zone) };
  const given = <T>(name: string, value: T | undefined): Record<string, T> =>
    value === undefined ? {} : { [name]: value };
  const asked = {
    period: { from: timeOf(from, values.zone, "FROM"), to: timeOf(to, values.zone, "TO") },
    filter: filterOf(values.filter),
    ...given("by", values.by),
    ...given("kinds", values.kinds?.split(",")),
    ...given("policy", values.policy && (await jsonOf(values.policy, "--policy"))),
    ...given("contractId", values.contract),
    ...given("version", numberOf(values.version, "--version")),
    ...given("calendar", values.calendar && (await jsonOf(values.calendar, "--calendar"))),
    ...given("calendarId", values["calendar-id"]),
    ...given("calendarVersion", numberOf(values["calendar-version"], "--calendar-version")),
    ...given("asOf", values["as-of"] && timeOf(values["as-of"], values.zone, "--as-of")),
    ...given("atPosition", values["at-position"]),
  };
  const limit = limitOf(values.limit);
  const door = await openDoor(language);
  try {
    const job = await finished(door, (await door.ask("POST", "/what-if", asked)) as unknown as WhatIfJob);
    const path = `/what-if/${job.jobId}/tickets`;
    const files = { csv: values.csv, arrow: values.arrow };
    await saveTables(files, (format) => `${path}?format=${format}`, door);
    if (Object.values(files).includes("-")) return;
    const { items, more } = await walk(door, path, [["changed", "true"]], limit);
    print(values.json, { ...job, items, more }, () => tell(job, items as unknown as WhatIfTicket[], reader));
  } finally {
    await door.close();
  }
});

/** Waits for a job and says how far it is; Ctrl-C stops the job as well. */
async function finished(door: Door, begun: WhatIfJob): Promise<WhatIfJob> {
  let job = begun;
  let stopping = false;
  process.once("SIGINT", () => (stopping = true));
  while (job.state === "running") {
    if (stopping) await door.ask("DELETE", `/what-if/${job.jobId}`);
    const { tickets, total, perSecond } = job.progress;
    process.stderr.write(`what-if: ${tickets} of ${total} tickets, ${perSecond} a second\n`);
    await pause(500);
    job = (await door.ask("GET", `/what-if/${job.jobId}`)) as unknown as WhatIfJob;
  }
  if (job.state === "done") return job;
  throw new CodedError(`job_${job.state}`, job.error ?? "the what-if was stopped");
}

function tell(job: WhatIfJob, tickets: readonly WhatIfTicket[], reader: Reader): string {
  const { totals } = job;
  if (totals === null) return "";
  const ru = reader.language === "ru";
  const sides = [
    ["recorded", ru ? "записано" : "recorded"],
    ["whatIf", ru ? "что было бы" : "what if"],
  ] as const;
  const outcomes = totals.kinds.flatMap((row) =>
    sides.map(([side, title]) => ({ kind: row.kind, side: title, ...row[side] })),
  );
  const lines = tickets.flatMap((ticket) =>
    ticket.clocks.map((clock) => ({
      number: ticket.number,
      kind: clock.kind,
      recorded: clock.recorded?.state ?? null,
      whatIf: clock.whatIf?.state ?? null,
      recordedDeadline: clock.recorded?.deadline ?? null,
      whatIfDeadline: clock.whatIf?.deadline ?? null,
      because: clock.because
        .filter(({ decisive }) => decisive)
        .map(({ text }) => text)
        .join("; "),
    })),
  );
  const summary = ru
    ? `Заявок ${totals.tickets}, часов ${totals.clocks}; с другим итогом заявок ${totals.changedTickets}, часов ${totals.changedClocks}. На ${job.asOf}, позиция ${job.position}.\n`
    : `${totals.tickets} tickets, ${totals.clocks} clocks; another outcome: ${totals.changedTickets} tickets, ${totals.changedClocks} clocks. As of ${job.asOf}, position ${job.position}.\n`;
  return [
    summary,
    tableOf(outcomeColumns, outcomes, reader),
    ...(totals.changes.length === 0
      ? []
      : [
          tableOf(changeColumns, totals.changes, reader),
          tableOf(reasonColumns, totals.reasons, reader),
          tableOf(differenceColumns, lines, reader),
        ]),
  ].join("\n");
}

function filterOf(filters: readonly string[] | undefined): Row {
  const filter: Record<string, unknown[]> = {};
  for (const [name, value] of filtersOf(filters)) {
    const values = value.split(",").map((one) => (name === "line" ? Number(one) : one));
    filter[name] = [...(filter[name] ?? []), ...values];
  }
  return filter;
}

function numberOf(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text)) throw misused(`${option} wants a number, not ${text}`);
  return Number(text);
}

async function jsonOf(file: string, option: string): Promise<unknown> {
  const text = await (file === "-" ? textOf(process.stdin) : readFile(file, "utf8")).catch((error: unknown) => {
    throw misused(`${option}: ${file} cannot be read (${error instanceof Error ? error.message : "?"})`);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw misused(`${option}: ${file} is not JSON (${error instanceof Error ? error.message : "?"})`);
  }
}
