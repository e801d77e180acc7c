import type { Menu, Report, Row } from "./report.ts";

/** The values of a dimension in their order, where they are known beforehand; undefined: whatever there is. */
export function valuesOf(menu: Menu | undefined, dimension: string): readonly string[] | undefined {
  const values = menu?.dimensions.find(({ name }) => name === dimension)?.values?.map(({ value }) => value);
  return values === undefined || values.length === 0 ? undefined : values;
}

/** A row for every value of a dimension, in their order; one that the report says nothing of is empty. A row without a value has no place. */
export function byValues(report: Report, dimension: string, values: readonly string[] | undefined): Report {
  const known = report.rows.filter(({ keys }) => keys[dimension] != null);
  const rows =
    values?.map(
      (value): Row =>
        known.find(({ keys }) => keys[dimension] === value) ?? {
          keys: { [dimension]: value },
          labels: {},
          values: {},
          tickets: "",
        },
    ) ?? known;
  return { ...report, rows };
}

/** The rows as the values of their dimensions follow each other in life: registered before closed, high before low. */
export const inOrder = ({ groupBy, rows }: Report, menu: Menu | undefined): readonly Row[] =>
  ordered(rows, groupBy, menu);

function ordered(rows: readonly Row[], [name, ...others]: readonly string[], menu: Menu | undefined): readonly Row[] {
  if (name === undefined) return rows;
  const values = valuesOf(menu, name);
  const place = (key: string): number => (values?.includes(key) === true ? values.indexOf(key) : Infinity);
  return [...Map.groupBy(rows, ({ keys }) => keys[name] ?? "")]
    .toSorted(([a], [b]) => (place(a) === place(b) ? 0 : place(a) - place(b)))
    .flatMap(([, of]) => ordered(of, others, menu));
}
