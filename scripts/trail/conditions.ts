import { type ListField } from "@docket/api-contract";
import { CodedError } from "@docket/service-kit";

/** Conditions as SQL over the table `t`, with parameters from $1 on. */
export interface Conditions {
  readonly where: string;
  readonly values: readonly unknown[];
}

/**
 * Reads `field=value,other&time.from=INSTANT&time.to=INSTANT`, in the names of the interface. A value `none` means "without one".
 * Throws `option_invalid` naming what cannot be read.
 */
export function conditionsOf(
  filter: string,
  fields: Readonly<Record<string, ListField>>,
  first: Conditions = { where: "true", values: [] },
): Conditions {
  const parts = [first.where];
  const values = [...first.values];
  const param = (value: unknown): string => `$${values.push(value)}`;
  for (const [name, text] of new URLSearchParams(filter)) {
    const [field = "", end] = name.split(".");
    const known = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (known === undefined || !known.filter || (end !== undefined && end !== "from" && end !== "to"))
      throw new CodedError("option_invalid", `there is no filter ${name}: ${namesOf(fields)}`);
    const column = `t.${known.column}`;
    if (known.kind === "instant" || end !== undefined) {
      if (known.kind !== "instant" || end === undefined || Number.isNaN(Date.parse(text)))
        throw new CodedError("option_invalid", `${field} is an instant: ${field}.from=2024-04-22T00:00:00Z`);
      parts.push(`${column} ${end === "from" ? ">=" : "<"} ${param(new Date(text))}`);
    } else if (text === "none") parts.push(`${column} is null`);
    else parts.push(`${column}::text = any(${param(known.kind === "text" ? [text] : text.split(","))}::text[])`);
  }
  return { where: parts.join(" and "), values };
}

const namesOf = (fields: Readonly<Record<string, ListField>>): string =>
  Object.entries(fields)
    .flatMap(([name, { filter }]) => (filter ? [name] : []))
    .join(", ");
