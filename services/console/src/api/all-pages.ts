import type { Query } from "./client.ts";

interface Page {
  readonly items: readonly unknown[];
}

/**
 * A list that is longer than one answer, whole and in its order: asked for page by page. `following`: what the question for the next
 * page has in addition, null after the last one. Gives the last page with the items of all.
 */
export async function allPages<P extends Page>(
  ask: (more: Query) => Promise<P>,
  following: (page: P) => Query | null,
): Promise<P> {
  const items: unknown[] = [];
  let more: Query | null = {};
  for (;;) {
    const page: P = await ask(more);
    items.push(...page.items);
    more = following(page);
    if (more === null) return { ...page, items };
  }
}
