import { allEvents, type Language } from "@docket/domain";
import { misused, runVerb } from "./command-line.ts";
import {
  clockColumns,
  contactColumns,
  counterColumns,
  entryColumns,
  fieldColumns,
  intervalColumns,
  judgementColumns,
  ticketColumns,
  timelineColumns,
} from "./columns.ts";
import { openDoor, type Door } from "./door.ts";
import { languageNamed, listOf, print, type Asking, type Row } from "./asking.ts";
import { tableOf, type Column } from "./table.ts";
import { timeOf, zoneNamed } from "./time.ts";

const usage = `scripts/docket asof TIME WHAT [ARGUMENT...] [OPTION...]

Shows what Docket knew at a past moment: what had been recorded at or before TIME. TIME is 2024-04-26T12:00:00+03:00, or
"2024-04-26 12:00" with --zone.

  queue VIEW              unassigned, due-soon, missed, waiting, under-control, confirmation, closed, all-open; intake (contacts)
  counters                how many each queue held
  tickets                 all tickets
  ticket TICKET           one ticket (SC-000123 or its id), with its timeline
  sla clocks | judgements the clocks of all tickets in the state in which they were; what had been judged
  sla TICKET              the clocks of one ticket, explained interval by interval
  contacts [ID]           what had arrived, and what had become of it
  directory KIND [ID]     organizations, contracts, staff, groups, calendars, routing-rules, plans

  --filter NAME=VALUE     as in the API, several times: --filter priority=high --filter line=2
  --sort [-]NAME          as in the API
  --limit N               how many rows (default 50; 0: all)
  --at-position P         count nothing behind this log position, so that the answer stays the same for ever
  --zone ZONE             IANA zone of a local TIME, and of the times shown (default UTC)
  --lang ru|en            default en
  --json                  the API's own answer
  --help                  this text

Asks the running Docket, with the token in DOCKET_TOKEN or one of its own.
`;

const options = {
  filter: { type: "string", multiple: true },
  sort: { type: "string" },
  limit: { type: "string" },
  "at-position": { type: "string" },
  zone: { type: "string" },
  lang: { type: "string", default: "en" },
  json: { type: "boolean" },
} as const;

const views = [
  "unassigned",
  "due-soon",
  "missed",
  "waiting",
  "under-control",
  "confirmation",
  "closed",
  "all-open",
  "intake",
];
const kinds = ["organizations", "contracts", "staff", "groups", "calendars", "routing-rules", "plans", "letters"];

/** What is to be shown; a mistake in the words is told before anything is asked. */
function showing(what: string, rest: readonly string[]): (door: Door, asking: Asking) => Promise<void> {
  const [first, second] = rest;
  const only = (most: number): void => {
    if (rest.length > most) throw misused(`${what} takes no ${rest[most]}`);
  };
  const one = (known: readonly string[]): string => {
    if (first === undefined || !known.includes(first)) throw misused(`${what} wants one of: ${known.join(", ")}`);
    return first;
  };
  switch (what) {
    case "queue":
      only(1);
      return list(`/queues/${one(views)}`, first === "intake" ? contactColumns : ticketColumns);
    case "tickets":
      only(0);
      return list("/tickets", ticketColumns);
    case "counters":
      only(0);
      return showCounters;
    case "ticket":
      only(1);
      if (first === undefined) throw misused("ticket wants a number or an id");
      return (door, asking) => showTicket(door, asking, first);
    case "sla":
      only(1);
      if (first === undefined) throw misused("sla wants clocks, judgements, or a ticket");
      if (first === "clocks") return list("/sla/clocks", clockColumns);
      if (first === "judgements") return list("/sla/judgements", judgementColumns);
      return (door, asking) => showClocks(door, asking, first);
    case "contacts":
      only(1);
      return first === undefined
        ? list("/contacts", contactColumns)
        : (door, asking) => showThing(door, asking, `/contacts/${encodeURIComponent(first)}`);
    case "directory":
      only(2);
      one(kinds);
      return second === undefined
        ? list(`/${first}`, entryColumns)
        : (door, asking) => showThing(door, asking, `/${first}/${encodeURIComponent(second)}`);
    default:
      throw misused(`there is no ${what} to show; see --help`);
  }
}

const list =
  (path: string, columns: readonly Column[]) =>
  (door: Door, asking: Asking): Promise<void> =>
    listOf(door, asking, path, columns);

const queryOf = (moment: Row): string => new URLSearchParams(moment as Record<string, string>).toString();

async function showCounters(door: Door, { moment, values, reader }: Asking): Promise<void> {
  const answer = await door.ask("GET", `/queues?${queryOf(moment)}`);
  const counters = (answer["counters"] as Row[]).map((row) => ({
    ...row,
    count: row["capped"] === true ? `> ${String(row["count"])}` : row["count"],
  }));
  print(values.json, answer, () => tableOf(counterColumns, counters, reader));
}

async function showThing(door: Door, { moment, values, reader }: Asking, path: string): Promise<void> {
  const answer = await door.ask("GET", `${path}?${queryOf(moment)}`);
  print(values.json, answer, () => tableOf(fieldColumns, fieldsOf(answer), reader));
}

const fieldsOf = (thing: Row): Row[] =>
  Object.entries(thing).flatMap(([field, value]) => (value === null || value === "" ? [] : [{ field, value }]));

async function showTicket(door: Door, { moment, values, reader }: Asking, ticket: string): Promise<void> {
  const path = `/tickets/${encodeURIComponent(ticket)}`;
  const answer = await door.ask("GET", `${path}?${queryOf(moment)}`);
  const timeline = await door.ask("GET", `${path}/timeline?${queryOf({ ...moment, limit: "1000" })}`);
  const { details, ...row } = answer as Row & { details: Row };
  const facts = (timeline["items"] as Row[]).map((fact) => ({
    ...fact,
    title: titleOf(String(fact["type"]), reader.language),
    by: nameOf(fact["actor"] as { id: string; name: string | null }),
  }));
  print(values.json, { ...answer, timeline: timeline["items"] }, () =>
    [
      tableOf(ticketColumns, [row], reader),
      tableOf(fieldColumns, fieldsOf({ ...row, ...details }), reader),
      tableOf(timelineColumns, facts, reader),
    ].join("\n"),
  );
}

const titleOf = (type: string, language: Language): string => allEvents.get(type)?.title[language] ?? type;
const nameOf = ({ id, name }: { id: string; name: string | null }): string => name ?? id;

async function showClocks(door: Door, { moment, values, reader }: Asking, ticket: string): Promise<void> {
  const answer = await door.ask("GET", `/tickets/${encodeURIComponent(ticket)}/clocks?${queryOf(moment)}`);
  const clocks = answer["items"] as (Row & { explanation: { intervals: Row[]; ahead: Row[] } })[];
  print(values.json, answer, () =>
    clocks
      .flatMap(({ explanation, ...clock }) => [
        tableOf(clockColumns.slice(1), [clock], reader),
        tableOf(intervalColumns, [...explanation.intervals, ...explanation.ahead], reader),
      ])
      .join("\n"),
  );
}

await runVerb({ usage, options }, async (values, [time, what, ...rest]) => {
  if (time === undefined || what === undefined) throw misused("wants a TIME and what to show; see --help");
  const language = languageNamed(values.lang);
  const zone = values.zone === undefined ? "UTC" : zoneNamed(values.zone);
  const asOf = timeOf(time, values.zone, "TIME");
  const moment: Row = { asOf, ...(values["at-position"] === undefined ? {} : { atPosition: values["at-position"] }) };
  const asking = { moment, values, reader: { language, zone } };
  const show = showing(what, rest);
  const door = await openDoor(language);
  try {
    await show(door, asking);
  } finally {
    await door.close();
  }
});
