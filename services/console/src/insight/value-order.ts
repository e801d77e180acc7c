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

/** The rows as the values of their first dimensions follow each other in life: registered before closed, high before low. */
export function inOrder({ groupBy, rows }: Report, menu: Menu | undefined): readonly Row[] {
  const orders: { readonly name: string; readonly values: readonly string[] }[] = [];
  for (const name of groupBy) {
    const values = valuesOf(menu, name);
    if (values === undefined) break;
    orders.push({ name, values });
  }
  const place = (row: Row, name: string, values: readonly string[]): number => {
    const at = values.indexOf(row.keys[name] ?? "");
    return at < 0 ? values.length : at;
  };
  return rows.toSorted((a, b) => {
    for (const { name, values } of orders) {
      const apart = place(a, name, values) - place(b, name, values);
      if (apart !== 0) return apart;
    }
    return 0;
  });
}
