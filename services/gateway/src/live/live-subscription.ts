import type { Change, SharedRow } from "./change.ts";

/** Anything that one reader watches over a socket, under a name that he chose. */
export interface LiveSubscription {
  readonly id: string;
  /** depends on the groups that the reader belongs to */
  readonly ofGroups: boolean;
  /** nothing is told any more, and what it held is let go */
  end(): void;
  /** what became known, in the log's order */
  change(change: Change): void;
  /** rows that have come near their deadline by the mere passing of time */
  due(rows: readonly SharedRow[], position: bigint): void;
}
