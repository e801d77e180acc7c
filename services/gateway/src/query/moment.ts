import { sql } from "kysely";
import type { Db } from "@docket/postgres";
import type { Serving } from "../http/serve.ts";
import { Refusal } from "../http/refusal.ts";

/** The position of an answer given by another gateway may be ahead of what this one has heard of, by moments. */
const patienceMs = 1_000;

/** What a query asks about: facts recorded at or before `asOf`, of them those up to a log position. Null: all. */
export interface Asked {
  readonly asOf: Date | null;
  readonly atPosition: string | null;
}

/** The moment that a query is answered for. */
export interface Moment {
  /** facts recorded later are not known; null: no bound */
  readonly at: Date | null;
  /** log position behind which nothing is counted; of a question about now, what the read side is known to hold */
  readonly position: string;
  /** a question about now shows the current rows, whatever they hold by then; a pinned one never anything behind `position` */
  readonly pinned: boolean;
  /** kinds of streams that hold facts behind `position` which count as recorded at or before `at` */
  readonly late: ReadonlySet<string>;
}

interface MomentQuery {
  readonly asOf?: unknown;
  readonly atPosition?: unknown;
}

/** Reads the parameters `asOf` and `atPosition`. Throws `as_of_in_future`. */
export function askedFor(query: MomentQuery, now: Date): Asked {
  const { asOf, atPosition } = query;
  const moment = typeof asOf === "string" ? new Date(asOf) : null;
  if (moment !== null && moment.getTime() > now.getTime()) throw new Refusal("as_of_in_future", { field: "asOf" });
  return { asOf: moment, atPosition: typeof atPosition === "string" ? String(BigInt(atPosition)) : null };
}

/**
 * The moment of a question. A question about the past is pinned to a position even when it names none: what is recorded
 * while it is answered, or between two pages (`pagePosition`), with a time at or before its moment (an import's facts bear the
 * times of their source) does not get into it. Throws `position_in_future` for a position that the log has not come to.
 */
export async function momentOf(
  { deps, readSide }: Pick<Serving, "deps" | "readSide">,
  { asOf, atPosition }: Asked,
  pagePosition?: string,
): Promise<Moment> {
  if (asOf === null && atPosition === null)
    return { at: null, position: readSide.position(), pinned: false, late: new Set() };
  const position = pagePosition ?? atPosition ?? readSide.position();
  if (!(await readSide.waitFor(BigInt(position), patienceMs)))
    throw new Refusal("position_in_future", { field: "atPosition", params: { reached: readSide.position() } });
  return { at: asOf, position, pinned: true, late: await kindsBehind(deps.db, asOf, position) };
}

/** Mostly nothing: the walk begins at the position and ends at the log's end. */
async function kindsBehind(db: Db, at: Date | null, position: string): Promise<Set<string>> {
  const { rows } = await sql<{ kind: string }>`select distinct stream_kind as kind from read.journal
    where position > ${position}::bigint ${at === null ? sql`` : sql`and recorded_at <= ${at}`}`.execute(db);
  return new Set(rows.map(({ kind }) => kind));
}

/** How an answer says which moment it is about. */
export const toldAsOf = ({ at }: Moment): string | null => at?.toISOString() ?? null;
