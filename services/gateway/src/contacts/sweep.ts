import { sql } from "kysely";
import type { EventStore } from "@docket/event-store";
import type { Db } from "@docket/postgres";
import type { Clock, Logger } from "@docket/service-kit";
import { register, settleContact, type Received, type SettleParts, type Verified } from "./settle.ts";

const everyMs = 5_000;
/** A contact that moved within this time is still in somebody's hands. */
const undisturbedMs = 15_000;
const atOnce = 50;

/**
 * Nothing that arrived is left lying (R §3.1): a contact whose settling was cut off, by a crash or by a store that went
 * away, is taken up again. Any number of gateways may do so at once, since every step's ids follow from the contact's.
 */
export function startContactSweep(parts: SettleParts & { readonly db: Db; readonly store: EventStore; readonly clock: Clock; readonly logger: Logger }): { stop(): void } {
  const { db, store, clock, logger } = parts;
  let sweeping = false;

  async function sweep(): Promise<void> {
    if (sweeping) return;
    sweeping = true;
    try {
      const before = new Date(clock.now().getTime() - undisturbedMs);
      const { rows } = await sql<{ id: string }>`select contact_id as id from read.contact where status in ('received', 'verified') and recorded_at < ${before}
        order by received_at limit ${sql.lit(atOnce)}`.execute(db);
      for (const { id } of rows) await settle(id).catch((error: unknown) => logger.warn({ err: error, contactId: id }, "a contact could not be settled; it will be tried again"));
    } catch (error) {
      logger.debug({ err: error }, "contacts could not be looked through");
    } finally {
      sweeping = false;
    }
  }

  async function settle(contactId: string): Promise<void> {
    const facts = await store.load(`contact-${contactId}`);
    const received = facts.find((fact) => fact.type === "ContactReceived")?.data as Received | undefined;
    const verified = facts.findLast((fact) => fact.type === "ContactVerified");
    if (received === undefined) return;
    if (verified === undefined) await settleContact(parts, received);
    else await register(parts, received, verified.data as Verified, { actor: verified.meta.actor, channel: verified.meta.channel });
  }

  const timer = setInterval(() => void sweep(), everyMs).unref();
  return { stop: () => clearInterval(timer) };
}
