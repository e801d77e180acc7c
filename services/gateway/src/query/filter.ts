/**
 * A condition on the rows of a read model, as data: the same condition becomes SQL for lists and counters
 * (filter-sql.ts) and a predicate for socket frames (filter-match.ts), so that they cannot disagree.
 * Columns bear the read model's names. Unlike in SQL, a condition is true or false and never unknown: a missing value is
 * in no list and in no range.
 */
export type Scalar = string | number | boolean;

export type Filter =
  | { readonly op: "always" }
  | { readonly op: "never" }
  | { readonly op: "and"; readonly of: readonly Filter[] }
  | { readonly op: "or"; readonly of: readonly Filter[] }
  | { readonly op: "not"; readonly of: Filter }
  | { readonly op: "in"; readonly column: string; readonly values: readonly Scalar[] }
  | { readonly op: "missing"; readonly column: string }
  /** from <= value < to */
  | {
      readonly op: "between";
      readonly column: string;
      readonly from?: Date | undefined;
      readonly to?: Date | undefined;
    }
  /** the text holds the words, whatever the case */
  | { readonly op: "contains"; readonly column: string; readonly text: string }
  /** each word stands in one of the columns, which `read.ticket_words` holds for the ticket together */
  | { readonly op: "words"; readonly columns: readonly string[]; readonly words: readonly string[] }
  | { readonly op: "startsWith"; readonly column: string; readonly text: string }
  /** the row's ticket fulfils the condition; for read models that bear only the ticket's id (lists only) */
  | { readonly op: "ofTicket"; readonly of: Filter }
  /** the row's id is a calendar of one of the organization's contracts (lists only) */
  | { readonly op: "calendarOf"; readonly organizationId: string };

export const always: Filter = { op: "always" };
export const never: Filter = { op: "never" };

export function and(...of: readonly Filter[]): Filter {
  const parts = of.filter(({ op }) => op !== "always");
  if (parts.some(({ op }) => op === "never")) return never;
  return parts.length === 0 ? always : parts.length === 1 ? (parts[0] as Filter) : { op: "and", of: parts };
}

export function or(...of: readonly Filter[]): Filter {
  const parts = of.filter(({ op }) => op !== "never");
  if (parts.some(({ op }) => op === "always")) return always;
  return parts.length === 0 ? never : parts.length === 1 ? (parts[0] as Filter) : { op: "or", of: parts };
}

export const not = (of: Filter): Filter => ({ op: "not", of });
export const oneOf = (column: string, ...values: readonly Scalar[]): Filter => ({ op: "in", column, values });
export const missing = (column: string): Filter => ({ op: "missing", column });
export const present = (column: string): Filter => not(missing(column));
