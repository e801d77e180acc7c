import { Readable } from "node:stream";
import { sql } from "kysely";
import type { FastifyInstance } from "fastify";
import { accessFields, auditRoutes, ticketFields } from "@docket/api-contract";
import {
  checkpoints,
  exportEvidence,
  keyStatements,
  makeCheckpoint,
  signingKeys,
  type TicketChoice,
} from "@docket/audit";
import type { Language } from "@docket/domain";
import { type Checkpoint, publicKeyPem, type SigningKey } from "@docket/evidence";
import { fieldKeys } from "@docket/privacy";
import type { Column } from "@docket/reports";
import { ticketStepper } from "@docket/projection-ticket";
import { errorCode } from "@docket/service-kit";
import type { Principal } from "../auth/principal.ts";
import { languageFor } from "../http/language.ts";
import { Refusal } from "../http/refusal.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { mayUseField, visibility } from "../policy/policy.ts";
import { always, and, oneOf } from "../query/filter.ts";
import { filterSql } from "../query/filter-sql.ts";
import { answerList, walkList, type ListSpec } from "../query/list.ts";
import { filterOfQuery, type QueryValues } from "../query/list-filter.ts";
import { askedFor, momentOf } from "../query/moment.ts";
import { columnsOf, namedColumns } from "../query/rows.ts";
import { sendTable, tableFormat } from "../http/table.ts";
import type { TicketFinder } from "../tickets/find.ts";
import { chainStateOf } from "./chain.ts";
import { serveChecking } from "./checking.ts";
import { openVerifications } from "./verifications.ts";

const accessColumns = {
  ...columnsOf(accessFields),
  accessId: "access_id",
  actorName: "account_name",
  number: "number",
  query: "query",
  items: "items",
  complete: "complete",
};

const accessTable = Object.keys(accessColumns).map((name): Column => ({
  name,
  type: name === "items" ? "number" : name === "complete" ? "boolean" : "text",
}));

/** What makes the record provable: access log, checkpoints, verifications, evidence files. Gives what stops it. */
export function serveEvidence(
  app: FastifyInstance,
  serving: Serving,
  { finder }: { readonly finder: TicketFinder },
): () => Promise<void> {
  const { deps, serve } = serving;
  const { db, pool, store, clock, settings, privacy, logger } = deps;
  const verifications = openVerifications({ settings, pool, clock, logger });

  serve(app, auditRoutes.accessLog, {}, async ({ caller, query, request, reply }) => {
    demand(caller, { do: "audit" });
    const ticket = query["ticket"] as string | undefined;
    const ofTicket =
      ticket === undefined ? always : oneOf("ticket_id", (await finder.resolve(caller, ticket)).ticketId);
    const spec: ListSpec<never> = {
      id: "access",
      source: ({ at, position, pinned }) => sql`(
        select a.*, s.display_name as account_name, k.number from read.access a
          left join app.accounts s on s.id::text = a.account_id left join read.ticket k on k.ticket_id = a.ticket_id
        ${pinned ? sql`where a.position <= ${position}::bigint ${at === null ? sql`` : sql`and a.recorded_at <= ${at}`}` : sql``})`,
      columns: Object.values(accessColumns),
      key: sql.ref("t.access_id"),
      fields: accessFields,
      defaultSort: "-at",
      nullable: new Set(),
      search: ["account_name", "actor_id", "query"],
      filter: ofTicket,
      asked: askedFor(query, clock.now()),
      item: (row) => namedColumns(row, accessColumns) as never,
    };
    const format = tableFormat(query["format"], request.headers.accept);
    if (format === undefined) return answerList(serving, caller, query, spec);
    const { position } = await momentOf(serving, spec.asked);
    const asOf = (spec.asked.asOf ?? clock.now()).toISOString();
    const end = await serving.witness.exporting("access_log", caller, request);
    const rows = counting(walkList(serving, caller, { ...query, format: undefined }, spec), end);
    return sendTable(reply, format, { name: "access-log", columns: accessTable, rows, asOf, position });
  });

  serve(app, auditRoutes.checkpoints, {}, async ({ caller, query }) => {
    demand(caller, { do: "audit" });
    const [all, statements] = await Promise.all([checkpoints(store), keyStatements(store)]);
    return {
      items: all
        .slice(-query.limit)
        .toReversed()
        .map(({ data }) => checkpointRow(data)),
      keys: statements.map(({ data, meta }) => ({
        key: data.key,
        publicKey: data.publicKey,
        pem: publicKeyPem(data.publicKey),
        introducedAt: meta.recordedAt,
        endorsedBy: data.endorsements.map(({ key }) => key),
      })),
    };
  });

  serve(app, auditRoutes.makeCheckpoint, {}, async ({ caller }) => {
    demand(caller, { do: "audit" });
    const { made, checkpoint } = await makeCheckpoint({ pool, store, clock, keys: keys() });
    return { made, checkpoint: checkpoint === null ? null : checkpointRow(checkpoint) };
  });

  serve(app, auditRoutes.verify, {}, async ({ caller, body, idFor, request }) => {
    demand(caller, { do: "audit" });
    const ticketId = body.ticket === null ? null : (await finder.resolve(caller, body.ticket)).ticketId;
    const id = idFor("verification");
    await verifications.start(id, caller.accountId, ticketId);
    return one(id, languageFor(request, caller));
  });

  serve(app, auditRoutes.verification, {}, async ({ caller, params, query, request }) => {
    demand(caller, { do: "audit" });
    return one(params.id, query.lang ?? languageFor(request, caller));
  });

  serve(app, auditRoutes.verifications, {}, async ({ caller, query, request }) => {
    demand(caller, { do: "audit" });
    return { items: await verifications.read(query.lang ?? languageFor(request, caller)) };
  });

  serve(app, auditRoutes.stopVerification, {}, async ({ caller, params, request }) => {
    demand(caller, { do: "audit" });
    const language = languageFor(request, caller);
    await one(params.id, language);
    await verifications.breakOff(params.id);
    return one(params.id, language);
  });

  serve(app, auditRoutes.chain, {}, async ({ caller, params, query, request }) => {
    demand(caller, { do: "audit" });
    const { ticketId } = await finder.resolve(caller, params.ticket);
    const state = await chainStateOf(pool, ticketId, query.lang ?? languageFor(request, caller));
    if (state === undefined) throw new Refusal("ticket_not_found");
    return state;
  });

  serveChecking(app, serving);

  serve(app, auditRoutes.evidence, {}, async ({ caller, query, request, reply }) => {
    demand(caller, { do: "audit" });
    const { choice, name, ticketId } = await choiceOf(caller, query);
    const signing = keys();
    await makeCheckpoint({ pool, store, clock, keys: signing });
    const end = await serving.witness.exporting("evidence_export", caller, request, ticketId);
    let tickets = 0;
    const lines = exportEvidence(
      {
        databaseUrl: settings.DATABASE_URL,
        store,
        clock,
        keys: signing,
        stepper: ticketStepper,
        mails: privacy.boxes,
        fieldKeys: query["sealed"] === "true" ? undefined : (event) => fieldKeys(privacy.vault, event),
        bytesOf:
          query["attachments"] === "true"
            ? async (subjects, sha256) => (await privacy.files.find(sha256, subjects))?.read()
            : undefined,
        onTicket: (done) => (tickets = done),
      },
      choice,
    );
    return reply
      .headers({
        "content-type": "text/html; charset=utf-8",
        "content-disposition": `attachment; filename="${name}.evidence.html"`,
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "cache-control": "no-store",
      })
      .send(
        Readable.from(
          told(lines, (complete) => end(tickets, complete)),
          { objectMode: false },
        ),
      );
  });

  async function one(id: string, language: Language) {
    const [found] = await verifications.read(language, id);
    if (found === undefined) throw new Refusal("not_found");
    return found;
  }

  async function choiceOf(
    caller: Principal,
    query: QueryValues,
  ): Promise<{ choice: TicketChoice; name: string; ticketId: string | null }> {
    const { ticket, sealed: _sealed, attachments: _attachments, wait: _wait, ...filters } = query;
    if (typeof ticket === "string") {
      const { ticketId, number } = await finder.resolve(caller, ticket);
      const scope = `ticket=${number ?? ticketId}`;
      return { choice: { where: "t.ticket_id = $1", values: [ticketId], scope }, name: number ?? ticketId, ticketId };
    }
    const filter = and(
      visibility(caller, "ticket"),
      filterOfQuery(ticketFields, filters, (field) => mayUseField(caller, field)),
    );
    const { sql: text, parameters } = sql`${filterSql(filter, "t")}`.compile(db);
    const asked = Object.entries(filters).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}=${String(value)}`],
    );
    const scope = asked.length === 0 ? "all" : asked.join("&");
    return { choice: { where: text, values: parameters, scope }, name: "tickets", ticketId: null };
  }

  function keys(): readonly SigningKey[] {
    try {
      return signingKeys(settings, { make: false });
    } catch (error) {
      if (errorCode(error, "") === "signing_key_missing") throw new Refusal("signing_key_missing", { cause: error });
      throw error;
    }
  }

  return () => verifications.stop();
}

const checkpointRow = ({ number, at, position, streams, root, previous, faults, signatures }: Checkpoint) => ({
  number,
  at,
  position: position.commit,
  streams,
  root,
  previous,
  faults,
  signedBy: signatures.map(({ key }) => key),
});

/** The same pieces; says at the end whether all of them were taken. */
async function* told(lines: AsyncIterable<string>, end: (complete: boolean) => void): AsyncGenerator<string> {
  let complete = false;
  try {
    yield* lines;
    complete = true;
  } finally {
    end(complete);
  }
}

/** The same rows; says at the end how many went out and whether all did. */
async function* counting<T>(
  rows: AsyncIterable<T>,
  end: (items: number, complete: boolean) => void,
): AsyncGenerator<T> {
  let items = 0;
  let complete = false;
  try {
    for await (const row of rows) {
      items++;
      yield row;
    }
    complete = true;
  } finally {
    end(items, complete);
  }
}
