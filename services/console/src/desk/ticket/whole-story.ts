import type { TimelineEntry } from "@docket/api-contract";

export interface TimelinePage {
  readonly items: readonly TimelineEntry[];
  /** where the next page begins; null: there is none */
  readonly nextRevision: number | null;
}

/** All facts of a ticket in their order; a story that is longer than one answer is asked for page by page. */
export async function wholeStory(
  ask: (more: { readonly from?: number }) => Promise<TimelinePage>,
): Promise<TimelinePage> {
  const first = await ask({});
  const items = [...first.items];
  let next = first.nextRevision;
  while (next !== null) {
    const page = await ask({ from: next });
    items.push(...page.items);
    next = page.nextRevision;
  }
  return { items, nextRevision: null };
}
