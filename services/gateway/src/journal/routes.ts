import { sql } from "kysely";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { journalFields, readingRoutes } from "@docket/api-contract";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { mayUseField, visibility } from "../policy/policy.ts";
import { and, always, oneOf } from "../query/filter.ts";
import { answerList } from "../query/list.ts";
import { filterOfQuery } from "../query/list-filter.ts";
import { askedFor, momentOf } from "../query/moment.ts";
import type { TicketFinder } from "../tickets/find.ts";
import { exportJournal, exportMedia, type ExportFormat } from "./export.ts";
import { decodeRows } from "./facts.ts";
import { changedOf, entryColumns, entryOf, journalSource, wordsFilter } from "./search.ts";

/**
 * The search over the audit trail: every fact of the store, newest first, by pages; or all that match, as CSV or JSON lines, in the
 * order of the log.
 */
export function serveJournal(
  app: FastifyInstance,
  serving: Serving,
  { finder }: { readonly finder: TicketFinder },
): void {
  const { deps } = serving;
  const { db, pool, store, clock } = deps;
  serving.serve(app, readingRoutes.journal, {}, async ({ caller, query, request, reply }) => {
    demand(caller, { do: "see", what: "journal" });
    const changed = changedOf(query);
    const ticket = query["ticket"] as string | undefined;
    const ofTicket =
      ticket === undefined ? always : oneOf("stream", `ticket-${(await finder.resolve(caller, ticket)).ticketId}`);
    const words = await wordsFilter(db, query["q"] as string | undefined);
    const seen = and(visibility(caller, "journal"), ofTicket, words);
    const asked = askedFor(query, clock.now());
    const format = formatOf(request, query["format"]);
    if (format !== null) {
      const moment = await momentOf(serving, asked);
      const filter = and(
        seen,
        filterOfQuery(journalFields, query, (field) => mayUseField(caller, field)),
      );
      const onEnd = await serving.witness.exporting("journal_export", caller, request);
      const rows = exportJournal(
        { db, pool, store },
        { source: journalSource(moment, changed), filter, descending: query["sort"] === "-position", format, onEnd },
      );
      return reply
        .header("content-type", exportMedia[format])
        .header("content-disposition", `attachment; filename="journal.${format}"`)
        .header("cache-control", "no-store")
        .send(rows);
    }
    const { q: _words, ...bound } = query;
    return answerList(serving, caller, { ...bound, ticket, words: query["q"] } as typeof query, {
      id: "journal",
      source: (moment) => journalSource(moment, changed),
      columns: entryColumns,
      key: sql.ref("t.event_id"),
      fields: journalFields,
      defaultSort: "-position",
      nullable: new Set(),
      search: [],
      filter: seen,
      asked,
      prepare: (rows) => decodeRows(store, rows),
      item: (row) => entryOf(row) as never,
    });
  });
}

/** What is asked for by `?format=`, else by the Accept header; null: a page as JSON. */
function formatOf(request: FastifyRequest, format: unknown): ExportFormat | null {
  if (format === "csv" || format === "jsonl") return format;
  if (format === "json") return null;
  const accept = request.headers.accept ?? "";
  if (/\btext\/csv\b/.test(accept)) return "csv";
  return /\bapplication\/(?:x-ndjson|jsonl)\b/.test(accept) ? "jsonl" : null;
}
