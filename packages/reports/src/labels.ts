import { sql } from "kysely";
import type { DimensionName } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import type { Question } from "./question.ts";

/** `dimension/value` -> what people call it */
export type Labels = ReadonlyMap<string, string>;

const kinds: Partial<Record<DimensionName, string>> = {
  organization: "organization",
  contract: "contract",
  group: "group",
  engineer: "staff",
};

/** The names of organizations, contracts, groups and engineers among the keys, as they stood at the question's position. */
export async function labelsFor(
  db: Db,
  question: Question,
  groups: readonly { readonly keys: readonly (string | null)[] }[],
): Promise<Labels> {
  const labels = new Map<string, string>();
  for (const [index, dimension] of question.groupBy.entries()) {
    const kind = kinds[dimension];
    if (kind === undefined) continue;
    const ids = [...new Set(groups.flatMap(({ keys }) => keys[index] ?? []))];
    if (ids.length === 0) continue;
    const { rows } = await sql<{ id: string; name: string }>`
      select distinct on (entry_id) entry_id as id, name from read.directory
      where kind = ${kind} and entry_id = any(${ids}::text[]) and position <= ${question.position}::bigint
      order by entry_id, revision desc`.execute(db);
    for (const { id, name } of rows) labels.set(`${dimension}/${id}`, name);
  }
  return labels;
}
