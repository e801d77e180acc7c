import { sql, type SqlBool } from "kysely";
import type { DimensionName } from "@docket/api-contract";
import type { Aggregate } from "./measure.ts";
import type { Condition } from "./population.ts";
import type { Question } from "./question.ts";

/** What a stretch has of its own; every other dimension is the ticket's, the same in all its stretches. */
const own: ReadonlySet<DimensionName> = new Set([
  "status",
  "type",
  "priority",
  "line",
  "group",
  "engineer",
  "product",
  "topic",
  "reason",
  "fromStatus",
  "toStatus",
]);

/** The stretch in which a ticket came to its status, line or kind of pause for the first time bears a mark (see the projection). */
const marks = {
  stretches: { status: sql<SqlBool>`s.first_status`, line: sql<SqlBool>`s.first_line` },
  pauses: { reason: sql<SqlBool>`s.first_pause > 0` },
} satisfies Record<string, Partial<Record<DimensionName, Condition>>>;
/** One such stretch for each ticket that has any. */
const firstOfAll = {
  stretches: sql<SqlBool>`s.revision = 0`,
  pauses: sql<SqlBool>`s.first_pause = 2`,
};

/**
 * Tickets are counted once in each group and once in the whole, though each has many stretches. Where the groups are told apart by one mark
 * alone, that is a count of marked stretches: nothing has to be put together by ticket. Facts are told in the order in which they were
 * recorded, so the first stretch stays the first as of any moment and position. Null: the marks do not tell.
 */
export function firstsOf({ definition, groupBy, filters }: Question): { group: Aggregate; whole: Aggregate } | null {
  const { counts } = definition;
  if (counts !== "stretches" && counts !== "pauses") return null;
  const known: Partial<Record<DimensionName, Condition>> = marks[counts];
  const cut = groupBy.filter((name) => own.has(name));
  const narrowed = filters.filter(({ dimension }) => own.has(dimension));
  const counting = (group: Condition | undefined, whole: Condition | undefined) =>
    group === undefined || whole === undefined ? null : { group: counted(group), whole: counted(whole) };
  if (narrowed.length === 0) {
    if (cut.length > 1) return null;
    const all = firstOfAll[counts];
    return counting(cut[0] === undefined ? all : known[cut[0]], all);
  }
  // narrowed to one value: its mark is that of the whole as well
  const [one] = narrowed;
  if (one === undefined || narrowed.length > 1 || one.values.length !== 1) return null;
  if (cut.some((name) => name !== one.dimension)) return null;
  return counting(known[one.dimension], known[one.dimension]);
}

const counted = (condition: Condition): Aggregate => ({ sql: sql`count(*) filter (where ${condition})`, add: true });
