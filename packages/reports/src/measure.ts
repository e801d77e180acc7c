import { sql, type SqlBool } from "kysely";
import type { MeasureName } from "@docket/api-contract";
import type { Condition, Sql } from "./population.ts";

/** A number that Postgres aggregates; sums of parts are the sum of the whole, percentiles are not. */
export interface Aggregate {
  readonly sql: Sql;
  readonly add: boolean;
  /** counts tickets, each once, however many rows it has */
  readonly once?: boolean;
}

/** A measure as SQL: the aggregates that it is made of, what it makes of them, and which rows it counts. */
export interface Measure {
  readonly aggregates: Readonly<Record<string, Aggregate>>;
  readonly value: (of: (aggregate: string) => number | null) => number | null;
  /** the rows that open behind its number */
  readonly opens: Condition;
}

const always = sql<SqlBool>`true`;

const counted = (condition: Condition): Aggregate => ({
  sql: condition === always ? sql`count(*)` : sql`count(*) filter (where ${condition})`,
  add: true,
});

const count = (name: string, condition: Condition): Measure => ({
  aggregates: { [name]: counted(condition) },
  value: (of) => of(name) ?? 0,
  opens: condition,
});
const sum = (name: string, expression: Sql): Measure => ({
  aggregates: { [name]: { sql: sql`coalesce(sum(${expression}), 0)`, add: true } },
  value: (of) => of(name) ?? 0,
  opens: sql<SqlBool>`${expression} > 0`,
});
const ratio = (part: number | null, whole: number | null, times = 1): number | null =>
  whole === null || whole === 0 ? null : round(((part ?? 0) / whole) * times);
const rate = (part: string, partOf: Condition, whole: string, wholeOf: Condition): Measure => ({
  aggregates: { [part]: counted(partOf), [whole]: counted(wholeOf) },
  value: (of) => ratio(of(part), of(whole), 100),
  opens: wholeOf,
});

/** To a hundredth, which is what people read; what they compare is rounded alike. */
export const round = (value: number): number => Math.round(value * 100) / 100;

function times(prefix: string, expression: Sql): Record<string, Measure> {
  const opens = sql<SqlBool>`${expression} is not null`;
  const percentile = (name: string, fraction: number): Measure => ({
    aggregates: {
      [name]: { sql: sql`percentile_cont(${sql.lit(fraction)}) within group (order by ${expression})`, add: false },
    },
    value: (of) => {
      const value = of(name);
      return value === null ? null : round(value);
    },
    opens,
  });
  return {
    [`${prefix}Mean`]: {
      aggregates: {
        [`${prefix}Sum`]: { sql: sql`sum(${expression})`, add: true },
        [`${prefix}Count`]: { sql: sql`count(${expression})`, add: true },
      },
      value: (of) => ratio(of(`${prefix}Sum`), of(`${prefix}Count`)),
      opens,
    },
    [`${prefix}Median`]: percentile(`${prefix}Median`, 0.5),
    [`${prefix}P90`]: percentile(`${prefix}P90`, 0.9),
    [`${prefix}P95`]: percentile(`${prefix}P95`, 0.95),
  };
}

function clock(kind: "reaction" | "resolution"): Record<string, Measure> {
  const state = sql.ref(`f.${kind}`);
  const met = sql<SqlBool>`${state} = 'met'`;
  const missed = sql<SqlBool>`${state} = 'missed'`;
  const judged = sql<SqlBool>`${state} in ('met', 'missed')`;
  return {
    [`${kind}Met`]: count(`${kind}Met`, met),
    [`${kind}Missed`]: count(`${kind}Missed`, missed),
    [`${kind}Running`]: count(`${kind}Running`, sql<SqlBool>`${state} in ('running', 'paused')`),
    [`${kind}Cancelled`]: count(`${kind}Cancelled`, sql<SqlBool>`${state} = 'cancelled'`),
    [`${kind}Compliance`]: rate(`${kind}Met`, met, `${kind}Judged`, judged),
  };
}

const seconds = (from: Sql, to: Sql): Sql => sql`date_part('epoch', ${to} - ${from})`;
const resolved = sql<SqlBool>`f.resolved_at is not null`;
const everResolved = sql<SqlBool>`(f.resolved_at is not null or f.returns > 0)`;
const returned = sql<SqlBool>`f.returns > 0`;
const firstContact = sql<SqlBool>`(f.resolved_at is not null and f.line = 1 and f.hand_overs = 0 and f.returns = 0)`;
const closed = sql<SqlBool>`f.closed_at is not null`;
const autoClosed = sql<SqlBool>`f.closed_because = 'auto_closed'`;
const repeated = sql<SqlBool>`f.repeated`;
const escalations = sql`(f.customer_escalations + f.manager_escalations + f.policy_escalations)`;

/** Measures over tickets (`f`; where repeats are asked for, with whether each is one). */
const ofTickets: Readonly<Record<string, Measure>> = {
  tickets: count("tickets", always),
  open: count("open", sql<SqlBool>`f.status <> 'closed'`),
  resolved: count("resolved", resolved),
  closed: count("closed", closed),
  ...clock("reaction"),
  ...clock("resolution"),
  ...times("reactionWorking", sql`f.reaction_seconds`),
  ...times("reactionWall", seconds(sql`f.registered_at`, sql`f.accepted_at`)),
  ...times("resolutionWorking", sql`f.resolution_seconds`),
  ...times("resolutionWall", seconds(sql`f.accepted_at`, sql`f.resolved_at`)),
  returned: count("returned", returned),
  reopenRate: rate("returned", returned, "everResolved", everResolved),
  firstContact: count("firstContact", firstContact),
  firstContactRate: rate("firstContact", firstContact, "resolved", resolved),
  handOvers: sum("handOvers", sql`f.hand_overs`),
  handedOver: count("handedOver", sql<SqlBool>`f.hand_overs > 0`),
  handOversMean: {
    aggregates: { handOvers: { sql: sql`coalesce(sum(f.hand_overs), 0)`, add: true }, tickets: counted(always) },
    value: (of) => ratio(of("handOvers"), of("tickets")),
    opens: always,
  },
  escalated: count("escalated", sql<SqlBool>`${escalations} > 0`),
  escalations: sum("escalations", escalations),
  escalationsByCustomer: sum("escalationsByCustomer", sql`f.customer_escalations`),
  escalationsByManager: sum("escalationsByManager", sql`f.manager_escalations`),
  escalationsByPolicy: sum("escalationsByPolicy", sql`f.policy_escalations`),
  autoClosed: count("autoClosed", autoClosed),
  autoCloseShare: rate("autoClosed", autoClosed, "closed", closed),
  repeats: count("repeats", repeated),
  repeatRate: rate("repeats", repeated, "tickets", always),
};

const greatest = (name: string, expression: Sql, opens: Condition): Measure => ({
  aggregates: { [name]: { sql: sql`max(${expression})`, add: false } },
  value: (of) => {
    const value = of(name);
    return value === null ? null : round(value);
  },
  opens,
});

/** Measures over open tickets as of a moment, the working seconds since their registration in `w`. */
function ofOpen(asOf: Date): Readonly<Record<string, Measure>> {
  const age = seconds(sql`f.registered_at`, sql`${asOf}::timestamptz`);
  const working = sql`w.seconds`;
  return {
    tickets: count("tickets", always),
    ...times("age", age),
    ageMax: greatest("ageMax", age, always),
    ...times("ageWorking", working),
    ageWorkingMax: greatest("ageWorkingMax", working, sql<SqlBool>`${working} is not null`),
  };
}

const distinctTickets: Aggregate = { sql: sql`count(distinct f.ticket_id)`, add: false, once: true };

/** Measures over stretches (`s`) of tickets, their working seconds in `w`. */
function ofStretches(asOf: Date): Readonly<Record<string, Measure>> {
  const wall = sql`date_part('epoch', greatest(coalesce(s.to_at, ${asOf}::timestamptz), s.from_at) - s.from_at)`;
  const total = (name: string, expression: Sql): Record<string, Measure> => {
    const aggregate = { sql: sql`coalesce(sum(${expression}), 0)`, add: true };
    return {
      [`${name}Total`]: {
        aggregates: { [name]: aggregate },
        value: (of) => round(of(name) ?? 0),
        opens: sql<SqlBool>`${expression} > 0`,
      },
      [`${name}PerTicket`]: {
        aggregates: { [name]: aggregate, ticketsThere: distinctTickets },
        value: (of) => ratio(of(name), of("ticketsThere")),
        opens: always,
      },
    };
  };
  return {
    tickets: { aggregates: { ticketsThere: distinctTickets }, value: (of) => of("ticketsThere") ?? 0, opens: always },
    stays: count("stays", sql<SqlBool>`(s.came_from is not null or s.revision = 0)`),
    ...total("wall", wall),
    ...total("working", sql`w.seconds`),
  };
}

const ofTransitions: Readonly<Record<string, Measure>> = {
  transitions: count("transitions", always),
  tickets: { aggregates: { ticketsThere: distinctTickets }, value: (of) => of("ticketsThere") ?? 0, opens: always },
  ...times("before", sql`s.came_after`),
};

const olaMet = sql<SqlBool>`j.outcome = 'met'`;
const ofAcceptances: Readonly<Record<string, Measure>> = {
  olaJudged: count("olaJudged", always),
  olaMet: count("olaMet", olaMet),
  olaMissed: count("olaMissed", sql<SqlBool>`j.outcome = 'missed'`),
  olaCompliance: rate("olaMet", olaMet, "olaJudged", always),
  ...times("olaWorking", sql`j.used_seconds`),
};

/** The SQL of a measure over what a report counts. */
export function measureSql(counts: string, name: MeasureName, asOf: Date): Measure {
  const table =
    counts === "open"
      ? ofOpen(asOf)
      : counts === "stretches" || counts === "pauses"
        ? ofStretches(asOf)
        : counts === "transitions"
          ? ofTransitions
          : counts === "acceptances"
            ? ofAcceptances
            : ofTickets;
  const found = table[name];
  if (!found) throw new Error(`no SQL for the measure ${name} of ${counts}`);
  return found;
}

/** Which of the measures count tickets once, however many rows each has. */
export const countsTicketsOnce = (counts: string, name: MeasureName): boolean =>
  ["stretches", "pauses", "transitions"].includes(counts) &&
  !["stays", "transitions"].includes(name) &&
  !name.startsWith("before");
