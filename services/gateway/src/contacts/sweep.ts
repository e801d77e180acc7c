import { sql } from "kysely";
import type { Intake } from "@docket/command-handling";
import type { Db } from "@docket/postgres";
import type { Clock, Logger } from "@docket/service-kit";

const everyMs = 5_000;
/** A contact that moved within this time is still in somebody's hands. */
const undisturbedMs = 15_000;
/** One that a rule refused is looked at again when things may have changed. */
const refusedAgainMs = 600_000;
const atOnce = 50;

/**
 * Nothing that arrived is left lying (R §3.1): a contact whose settling was cut off, by a crash or by a store that went
 * away, is taken up again. Any number of gateways may do so at once, since every step's ids follow from the contact's.
 */
export function startContactSweep(parts: {
  readonly intake: Intake;
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
}): { stop(): void } {
  const { intake, db, clock, logger } = parts;
  const refused = new Map<string, number>();
  let sweeping = false;

  async function sweep(): Promise<void> {
    if (sweeping) return;
    sweeping = true;
    try {
      const before = new Date(clock.now().getTime() - undisturbedMs);
      const { rows } = await sql<{
        id: string;
      }>`select contact_id as id from read.contact where status in ('received', 'verified') and recorded_at < ${before}
        order by received_at limit ${sql.lit(atOnce)}`.execute(db);
      for (const { id } of rows) if ((refused.get(id) ?? 0) < performance.now()) await settle(id);
    } catch (error) {
      logger.debug({ err: error }, "contacts could not be looked through");
    } finally {
      sweeping = false;
    }
  }

  async function settle(contactId: string): Promise<void> {
    const settled = await intake.settle(contactId);
    if (settled.refused === undefined) return;
    if (refused.size > 10_000) refused.clear();
    refused.set(contactId, performance.now() + refusedAgainMs);
    logger.warn(
      { contactId, refused: settled.refused },
      "a contact waits because a rule refuses its next step; an operator has to look",
    );
  }

  const timer = setInterval(() => void sweep(), everyMs).unref();
  return { stop: () => clearInterval(timer) };
}
