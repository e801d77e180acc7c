/** Columns that stand together: under a word of their own, or one alone. */
export interface Head<Column> {
  readonly over: string | null;
  readonly columns: readonly [Column, ...Column[]];
}

/**
 * What neighbouring columns have in common, said once: `Reaction: met` beside `Reaction: missed` are `met` and `missed` under `Reaction`.
 * A title without a neighbour of its kind stands whole.
 */
export function headsOf<Column>(
  columns: readonly Column[],
  titleOf: (column: Column) => string,
): readonly Head<Column>[] {
  const kindOf = (column: Column | undefined): string | null =>
    column === undefined ? null : (/^([^:]+): ./u.exec(titleOf(column))?.[1] ?? null);
  const heads: { over: string | null; columns: [Column, ...Column[]] }[] = [];
  columns.forEach((column, index) => {
    const kind = kindOf(column);
    const last = heads.at(-1);
    if (kind !== null && last?.over === kind) last.columns.push(column);
    else heads.push({ over: kind !== null && kindOf(columns[index + 1]) === kind ? kind : null, columns: [column] });
  });
  return heads;
}
