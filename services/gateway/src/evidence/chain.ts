import type { ChainState } from "@docket/api-contract";
import type { VerifyReport } from "@docket/audit";
import type { Language } from "@docket/domain";
import type { Queryable } from "@docket/postgres";
import { toldFinding } from "./verifications.ts";

/**
 * How far a ticket's chain is signed and verified, from the database alone: it answers in milliseconds, and while the event store
 * is away. Undefined for a ticket of which the journal has nothing yet.
 */
export async function chainStateOf(
  db: Queryable,
  ticketId: string,
  language: Language,
): Promise<ChainState | undefined> {
  const stream = `ticket-${ticketId}`;
  const { rows: events } = await db.query<{ revision: number; position: string; hash: string; recorded_at: Date }>(
    "select revision, position::text as position, hash, recorded_at from read.journal where stream = $1 order by revision",
    [stream],
  );
  const head = events.at(-1);
  if (head === undefined) return undefined;
  const { rows } = await db.query<{ number: string }>("select number from read.ticket where ticket_id = $1", [
    ticketId,
  ]);
  const signed = await signedOf(db, stream, events.length);
  return {
    ticketId,
    number: rows[0]?.number ?? "",
    stream,
    events: events.length,
    head: {
      revision: head.revision,
      hash: head.hash,
      recordedAt: head.recorded_at.toISOString(),
      position: head.position,
    },
    signed,
    unsigned: events.length - (signed?.events ?? 0),
    verified: await verifiedOf(db, ticketId, events, language),
  };
}

async function signedOf(db: Queryable, stream: string, known: number): Promise<ChainState["signed"]> {
  const { rows } = await db.query<{ revision: number; checkpoint: number; position: string }>(
    `select h.revision, t.checkpoint, t.commit_position::text as position from audit.chain_head h, audit.tree t
     where h.stream = $1`,
    [stream],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { checkpoint, position } = row;
  // the checkpoint's own event may be on its way into the journal still; then it is told when it is there
  const { rows: at } = await db.query<{ at: string }>(
    `select data ->> 'at' as at from read.journal
     where stream = 'checkpoint' and type = 'CheckpointSigned' and (data ->> 'number')::int = $1 order by revision desc limit 1`,
    [checkpoint],
  );
  const instant = at[0]?.at;
  if (instant === undefined) return null;
  // what was cut off behind the signature is a finding of a verification; here it does not count below nothing
  return { checkpoint, at: instant, position, revision: row.revision, events: Math.min(row.revision + 1, known) };
}

async function verifiedOf(
  db: Queryable,
  ticketId: string,
  events: readonly { readonly position: string }[],
  language: Language,
): Promise<ChainState["verified"]> {
  const { rows } = await db.query<{ id: string; ticket_id: string | null; finished_at: Date; report: VerifyReport }>(
    `select id, ticket_id, finished_at, report from audit.verification
     where state = 'done' and (ticket_id = $1 or ticket_id is null) order by seen_at desc limit 5`,
    [ticketId],
  );
  for (const { id, ticket_id, finished_at, report } of rows) {
    const { findings, found, position } = report;
    // a report of a version that did not tell how far it looked
    if (position === undefined) continue;
    const about = findings.filter(
      ({ params }) => params["stream"] === `ticket-${ticketId}` || params["ticket"] === ticketId,
    );
    // more was found than is listed: whether this ticket was among it cannot be told any more
    if (about.length === 0 && found > findings.length) continue;
    return {
      verificationId: id,
      scope: ticket_id === null ? "all" : "ticket",
      at: finished_at.toISOString(),
      position,
      events: events.filter((event) => BigInt(event.position) <= BigInt(position)).length,
      found: about.length,
      findings: about.slice(0, 100).map((one) => toldFinding(one, language)),
    };
  }
  return null;
}
