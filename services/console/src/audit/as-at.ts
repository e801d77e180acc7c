import type { ReplayStep } from "@docket/api-contract";

/** A field of the ticket as it stood after a step, in words. */
export interface FieldAt {
  readonly field: string;
  readonly title: string;
  readonly value: unknown;
  readonly text: string;
  /** what the step itself changed it from; null: the step left it alone */
  readonly before: { readonly value: unknown; readonly text: string } | null;
}

/** Every field that the steps have ever set, as the last of them left it; those without a value then are left out. */
export function fieldsAt(steps: readonly ReplayStep[]): readonly FieldAt[] {
  const last = steps.at(-1);
  const fields = new Map<string, FieldAt>();
  for (const { revision, changes } of steps)
    for (const { field, title, before, beforeText, after, afterText } of changes)
      fields.set(field, {
        field,
        title,
        value: after,
        text: afterText,
        before: revision === last?.revision ? { value: before, text: beforeText } : null,
      });
  return [...fields.values()].filter(({ value, before }) => before !== null || (value ?? null) !== null);
}
