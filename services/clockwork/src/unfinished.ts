import { type EventStore, type RawEvent, StoreUnavailable, type StoredFact } from "@docket/event-store";
import { sleep } from "@docket/service-kit";
import type { Parts } from "./parts.ts";
import { sideBySide } from "./side-by-side.ts";

const SIDE_BY_SIDE = 8;
const SWEEP_EVERY_MS = 60_000;
/** Whoever received a contact settles it within this time, unless he died; two at the same contact do everything twice. */
const GRACE_MS = 1_000;

/**
 * Takes contacts on that were received or verified (R §3.1: nothing that arrived is dropped). Whoever received them does so
 * too, at once; here is who goes on when that one died in between.
 */
export async function settleReceived(parts: Parts, facts: readonly StoredFact[]): Promise<void> {
  let open: readonly StoredFact[] = unfinishedIn(facts);
  if (open.length === 0) return;
  const newest = Math.max(...open.map(({ meta }) => Date.parse(meta.recordedAt)));
  if (parts.clock.now().getTime() - newest < GRACE_MS) {
    await sleep(GRACE_MS);
    open = await stillUnfinished(parts.store, open);
  }
  await sideBySide(open.map(contactIdOf), SIDE_BY_SIDE, async (contactId) => {
    const contact = await parts.desk.contact(contactId);
    if (contact?.status !== "received" && contact?.status !== "verified") return;
    await parts.directory.refresh(facts.at(-1)?.position);
    await settle(parts, contactId);
  });
}

/** What the log tells of contacts in a moment; those of which it tells more are looked at by themselves. */
const AT_MOST = 1_000;

/**
 * Those of the last events of some contacts, in the order of the log, after which nothing followed that finished them: one reading of what
 * came since, instead of one of each contact. Who is told of here may be finished all the same.
 */
export async function stillUnfinished<E extends Pick<RawEvent, "type" | "stream" | "position">>(
  store: Pick<EventStore, "readAll">,
  events: readonly E[],
): Promise<readonly E[]> {
  const last = events.at(-1);
  if (last === undefined) return events;
  const run: Pick<RawEvent, "type" | "stream">[] = [...events];
  for await (const event of store.readAll({ from: last.position, prefixes: ["contact-"], limit: AT_MOST }))
    run.push(event);
  const standing = new Set(unfinishedIn(run).map(({ stream }) => stream));
  return events.filter(({ stream }) => standing.has(stream));
}

const contactIdOf = ({ stream }: { readonly stream: string }): string => stream.slice("contact-".length);

/** The last event of each contact that stands half-way at the end of these; most are settled before the batch is cut. */
export function unfinishedIn<E extends Pick<RawEvent, "type" | "stream">>(events: readonly E[]): E[] {
  const standing = new Map<string, E>();
  for (const event of events) {
    // deleted first, so that they stay in the order of the log
    standing.delete(event.stream);
    if (event.type === "ContactReceived" || event.type === "ContactVerified") standing.set(event.stream, event);
  }
  return [...standing.values()];
}

/**
 * Looks from time to time for contacts that stand half-way although everybody has had his turn: a rule that refused them may
 * let them through now. Resolves when the signal aborts.
 */
export async function sweepContacts(parts: Parts, signal: AbortSignal): Promise<void> {
  let before: ReadonlySet<string> = new Set();
  while (!signal.aborted) {
    const { rows } = await parts.pool.query<{ contact_id: string }>(
      "select contact_id from read.contact where status in ('received', 'verified') limit 1000",
    );
    const standing = new Set(rows.map((row) => row.contact_id));
    // Who stands there for the first time is being dealt with.
    await sideBySide(
      [...standing].filter((contactId) => before.has(contactId)),
      SIDE_BY_SIDE,
      (contactId) => settle(parts, contactId),
    );
    before = standing;
    await sleep(SWEEP_EVERY_MS, signal).catch(() => undefined);
  }
}

async function settle({ intake, logger }: Parts, contactId: string): Promise<void> {
  try {
    const { refused } = await intake.settle(contactId);
    if (refused !== undefined)
      logger.warn({ contactId, code: refused.code, field: refused.field }, "a contact could not be taken on");
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    // It stays on the list of contacts; the others go on.
    logger.error({ err: error, contactId }, "a contact could not be taken on");
  }
}
