import { limits, type TicketState } from "@docket/domain";
import { clean } from "./clean-text.ts";
import type { RowFields } from "./extract.ts";
import type { Mapping, Meaning } from "./mapping-schema.ts";
import { isAmong, lookUp } from "./tables.ts";
import { isClosing, type Wanted } from "./tell-row.ts";
import type { TellingParts } from "./tell-ticket.ts";

/** A row's words in ours. */

/** What a change of the source's state means; `unknown` for a state that the table does not have. */
export function meaningOf(
  mapping: Mapping,
  from: string | undefined,
  to: string | undefined,
): Meaning | "unknown" | null {
  if (to === undefined) return null;
  const { values, otherwise, transitions } = mapping.status;
  const has = (states: readonly string[], state: string | undefined): boolean =>
    states.includes("any") || (state !== undefined && isAmong(states, state));
  if (from !== to) for (const change of transitions) if (has(change.from, from) && has(change.to, to)) return change.as;
  return lookUp(values, to) ?? otherwise ?? "unknown";
}

export function word<T extends string>(
  rule: { readonly value: T } | { readonly values: Readonly<Record<string, T>>; readonly otherwise?: T | undefined },
  raw: string | undefined,
): { readonly word: T | null; readonly unknown: boolean } {
  if ("value" in rule) return { word: rule.value, unknown: false };
  if (raw === undefined) return { word: null, unknown: false };
  const found = lookUp(rule.values, raw);
  if (found !== undefined) return { word: found, unknown: false };
  return { word: rule.otherwise ?? null, unknown: rule.otherwise === undefined };
}

export function wantedOf(
  { mapping, names, texts }: TellingParts,
  fields: RowFields,
  meaning: Meaning | "unknown" | null,
): Wanted {
  const text = (own: string | undefined, standard: string, max: number): string =>
    own === undefined ? standard : clean(own, max);
  return {
    meaning: meaning === "unknown" || meaning === "ignore" ? null : meaning,
    type: word(mapping.ticket.type, fields.type).word,
    priority: word(mapping.ticket.priority, fields.priority).word,
    product: fields.product === undefined ? null : clean(fields.product, limits.product),
    group: names.groupOf(fields),
    engineerId: names.engineerOf(fields),
    texts: {
      solution: text(fields.solution, texts.solution, limits.text),
      question: text(fields.question, texts.question, limits.text),
      answer: text(fields.answer, texts.answer, limits.text),
      returned: text(fields.returned, texts.returned, limits.reason),
      reclassified: text(fields.reclassified, texts.reclassified, limits.reason),
      handedOver: text(fields.handedOver, texts.handedOver, limits.reason),
      withdrawn: text(fields.withdrawn, texts.withdrawn, limits.reason),
      approval: texts.approval,
    },
  };
}

/** A row about a closed ticket that says what is so already. */
export function wantsNothing(
  parts: TellingParts,
  fields: RowFields,
  meaning: Meaning | "unknown" | null,
  state: TicketState,
): boolean {
  const wanted = wantedOf(parts, fields, meaning);
  return (
    (wanted.meaning === null || isClosing(wanted.meaning)) &&
    (wanted.type === null || wanted.type === state.type) &&
    (wanted.priority === null || wanted.priority === state.priority) &&
    (wanted.group === null || wanted.group.groupId === state.assignment?.groupId) &&
    (wanted.engineerId === null || wanted.engineerId === state.assignment?.engineerId)
  );
}
