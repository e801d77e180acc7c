import type { FastifyInstance } from "fastify";
import type pg from "pg";
import { auditRoutes, type TicketChain } from "@docket/api-contract";
import { inclusionsOf, keyStatements, knownOf, lastCheckpoint, readTree, type VerifyReport } from "@docket/audit";
import { verifyChain, type RawEvent } from "@docket/event-store";
import {
  type Checkpoint,
  checkpointText,
  keysTrustedBy,
  leafHash,
  rootByProof,
  verdictOfSignatures,
} from "@docket/evidence";
import { Refusal } from "../http/refusal.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { askedFor, momentOf, toldAsOf } from "../query/moment.ts";
import type { TicketFinder } from "../tickets/find.ts";

/** Whether a ticket's events are whole, read from the event store itself while one waits, and which checkpoint vouches for them. */
export function serveChain(
  app: FastifyInstance,
  serving: Serving,
  { finder }: { readonly finder: TicketFinder },
): void {
  const { store, pool, clock } = serving.deps;

  serving.serve(app, auditRoutes.ticketChain, {}, async ({ caller, params, query }) => {
    demand(caller, { do: "audit" });
    const { ticketId } = await finder.resolve(caller, params.ticket);
    const moment = await momentOf(serving, askedFor(query, clock.now()));
    const stream = `ticket-${ticketId}`;
    const { events } = knownOf(await store.loadRaw(stream), moment.pinned ? moment : { at: null, position: null });
    const last = events.at(-1);
    if (last === undefined) throw new Refusal("ticket_not_found");
    const fault = verifyChain(events);
    const signed = await signedBy(stream, events);
    return {
      ticketId,
      stream,
      at: clock.now().toISOString(),
      events: events.length,
      position: String(last.position.commit),
      verified: fault === undefined,
      brokenAt: fault?.revision ?? null,
      reason: fault?.fault ?? null,
      checkpoint: signed,
      afterCheckpoint: events.length - (signed?.events ?? 0),
      verification: await verificationOf(pool, ticketId),
      asOf: toldAsOf(moment),
    };
  });

  async function signedBy(stream: string, events: readonly RawEvent[]): Promise<TicketChain["checkpoint"]> {
    const { checkpoint, inclusion } = await proofOf(stream);
    if (checkpoint === null || inclusion === undefined) return null;
    const { leaf, revision, hash, proof } = inclusion;
    const nodes = proof.map((node) => Buffer.from(node, "hex"));
    const root = rootByProof(leafHash({ stream, revision, hash }), leaf, checkpoint.streams, nodes);
    const statements = (await keyStatements(store)).map(({ data }) => data);
    const first = statements[0];
    const trusted = first === undefined ? new Map<string, string>() : keysTrustedBy(first.publicKey, statements);
    const signature = verdictOfSignatures(checkpointText(checkpoint), checkpoint.signatures, trusted);
    // Of a past moment fewer events are shown than were signed: then the last shown one has no signed hash of its own.
    const head = events.find((event) => event.revision === revision);
    const same = head === undefined ? events.length <= revision : head.stored.hash === hash;
    return {
      number: checkpoint.number,
      at: checkpoint.at,
      position: checkpoint.position.commit,
      signedBy: checkpoint.signatures.map(({ key }) => key),
      events: Math.min(revision + 1, events.length),
      holds: signature === "ok" && same && root?.toString("hex") === checkpoint.root,
    };
  }

  /** Tree and proof as of one moment, with the checkpoint that the tree stands for; none while the tree is made anew. */
  async function proofOf(stream: string) {
    const client = await pool.connect();
    try {
      await client.query("begin transaction isolation level repeatable read read only");
      const tree = await readTree(client);
      const checkpoint = tree.pending?.checkpoint ?? (await checkpointNumber(tree.checkpoint));
      const inclusions = checkpoint === null ? undefined : await inclusionsOf(client, [stream], checkpoint.streams);
      return { checkpoint, inclusion: inclusions?.get(stream) };
    } finally {
      await client.query("rollback").then(
        () => client.release(),
        (error: Error) => client.release(error),
      );
    }
  }

  async function checkpointNumber(number: number): Promise<Checkpoint | null> {
    const last = await lastCheckpoint(store);
    return last?.number === number ? last : null;
  }
}

/** The last verification that went over this ticket and came to its end. */
async function verificationOf(pool: pg.Pool, ticketId: string): Promise<TicketChain["verification"]> {
  const { rows } = await pool.query<{ id: string; ticket_id: string | null; finished_at: Date; report: VerifyReport }>(
    `select id, ticket_id, finished_at, report from audit.verification
     where state = 'done' and (ticket_id = $1 or ticket_id is null) order by finished_at desc, seen_at desc limit 1`,
    [ticketId],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const about = row.report.findings.filter(({ params }) =>
    Object.values(params).some((one) => `${one}`.includes(ticketId)),
  );
  return {
    id: row.id,
    at: row.finished_at.toISOString(),
    whole: row.ticket_id === null,
    found: row.ticket_id === null ? about.length : row.report.found,
  };
}
