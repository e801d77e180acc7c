import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { menuOfReports, reportRoutes, type ReportFormat, type TicketMeasures } from "@docket/api-contract";
import { findOrganization } from "@docket/domain";
import {
  arrowStream,
  type Asked,
  corrections,
  csvHeader,
  csvLine,
  extract,
  jsonLines,
  measureOf,
  openTickets,
  type Present,
  type Question,
  questionOf,
  report,
  ReportRefusal,
  tableOf,
  ticketCellsOf,
  ticketTable,
} from "@docket/reports";
import type { Principal } from "../auth/principal.ts";
import { Refusal } from "../http/refusal.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { queryFingerprint, readPageToken, writePageToken } from "../query/page-token.ts";

const media: Readonly<Record<ReportFormat, string>> = {
  json: "application/json; charset=utf-8",
  csv: "text/csv; charset=utf-8; header=present",
  ndjson: "application/x-ndjson; charset=utf-8",
  arrow: "application/vnd.apache.arrow.stream",
};

/** What analysts and service managers ask of the past: the menu, the reports, the tickets behind their numbers, and what corrected them. */
export function serveReports(app: FastifyInstance, serving: Serving): void {
  const { deps, serve, readSide } = serving;
  const { db } = deps;
  const present = (): Present => ({
    now: deps.clock.now(),
    position: readSide.position(),
    zoneOfOrganization: (id) => findOrganization(deps.directory(), id)?.zone,
  });
  const ask = (name: string, query: Asked, reply: FastifyReply): Question => ({
    ...asRefusal(() => questionOf(name, query, present())),
    gone: goneOf(reply),
  });

  serve(app, reportRoutes.menu, {}, async ({ caller }) => {
    demand(caller, { do: "report" });
    return menuOfReports();
  });

  serve(app, reportRoutes.rows, {}, async ({ caller, query, request, reply }) => {
    demand(caller, { do: "report" });
    const question = ask("tickets", query, reply);
    const format = formatOf(request, query.format, "csv");
    const bytes = rowsAs(format, question, extract(db, question));
    return send(reply, question, format, "tickets", Readable.from(bytes, { objectMode: false }));
  });

  serve(app, reportRoutes.report, {}, async ({ caller, params, query, request, reply }) => {
    demand(caller, { do: "report" });
    const question = ask(params.report, query, reply);
    const format = formatOf(request, query.format, "json");
    const answer = await refusing(reply, question, () => report(db, question, query.limit));
    if (answer === undefined) return reply;
    if (format === "json") return answer;
    const table = tableOf(answer);
    if (format === "csv")
      return send(
        reply,
        question,
        format,
        question.report,
        csvHeader(table.columns) + table.rows.map(csvLine).join(""),
      );
    if (format === "ndjson")
      return send(reply, question, format, question.report, jsonLines(table.columns, table.rows));
    const stream = arrowStream(table.columns, [table.rows], factsOf(question));
    return send(reply, question, format, question.report, Readable.from(stream, { objectMode: false }));
  });

  serve(app, reportRoutes.tickets, {}, async ({ caller, params, query, reply }) => {
    demand(caller, { do: "report" });
    const question = ask(params.report, query, reply);
    const measure =
      query.measure === undefined
        ? undefined
        : asRefusal(() => measureOf(query.measure as string, question.definition, "measure"));
    // bound to the moment and position that were asked for: a token of one question is of no use with another
    const fingerprint = queryFingerprint(`reports.${params.report}`, readerOf(caller), query);
    const after = query.page === undefined ? null : pageOf(deps.secret, fingerprint, query.page);
    const pinned = after === null ? question : { ...question, asOf: new Date(after.asOf), position: after.position };
    const page = await refusing(reply, pinned, () => openTickets(db, pinned, measure, { limit: query.limit, after }));
    if (page === undefined) return reply;
    return {
      items: page.items,
      nextPage:
        page.after === null
          ? null
          : writePageToken(deps.secret, fingerprint, {
              value: page.after.registeredAt,
              id: `${pinned.position} ${pinned.asOf.toISOString()} ${page.after.key}`,
            }),
      count: page.count,
      asOf: pinned.asOf.toISOString(),
      position: pinned.position,
    };
  });

  serve(app, reportRoutes.corrections, {}, async ({ caller, params, query, reply }) => {
    demand(caller, { do: "report" });
    const { fromPosition, toPosition, ...asked } = query;
    const question = ask(params.report, { ...asked, atPosition: toPosition }, reply);
    if (BigInt(fromPosition) > BigInt(question.position))
      throw new Refusal("position_in_future", { field: "fromPosition", params: { reached: question.position } });
    return refusing(reply, question, () => corrections(db, question, String(BigInt(fromPosition)), query.limit));
  });
}

/** Ends when the answer can no longer be read, because who asked has gone; not when he has it. */
function goneOf({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once("close", () => {
    if (!raw.writableFinished) gone.abort(new Error("the reader has gone"));
  });
  return gone.signal;
}

const readerOf = ({ accountId, role, organizationId }: Principal): string => `${accountId}/${role}/${organizationId}`;

/** A later page shows the same tickets as the first: the token holds the moment and the position that were meant. */
function pageOf(secret: Buffer, fingerprint: Buffer, token: string) {
  const { value, id } = readPageToken(secret, fingerprint, token);
  const [position = "", asOf = "", key = ""] = id.split(" ");
  return { registeredAt: String(value), key, position, asOf };
}

function asRefusal<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Undefined, with the reply given up, when nobody is there any more to read it. */
async function refusing<T>(reply: FastifyReply, { gone }: Question, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (gone?.aborted !== true) throw refusalOf(error);
    reply.hijack();
    return undefined;
  }
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof ReportRefusal)) return error;
  return new Refusal(error.code, { field: error.field, params: error.params, cause: error });
}

function formatOf(request: FastifyRequest, asked: ReportFormat | undefined, usual: ReportFormat): ReportFormat {
  if (asked !== undefined) return asked;
  const accept = request.headers.accept ?? "";
  for (const format of ["csv", "ndjson", "arrow", "json"] as const)
    if (accept.includes(media[format].split(";")[0] as string)) return format;
  return usual;
}

const factsOf = (question: Question): Record<string, string> => ({
  report: question.report,
  asOf: question.asOf.toISOString(),
  position: question.position,
  zone: question.zone.name,
});

async function* rowsAs(
  format: ReportFormat,
  question: Question,
  batches: AsyncGenerator<readonly TicketMeasures[]>,
): AsyncGenerator<string | Uint8Array> {
  if (format === "arrow") {
    async function* cells() {
      for await (const batch of batches) yield batch.map(ticketCellsOf);
    }
    yield* arrowStream(ticketTable, cells(), factsOf(question));
    return;
  }
  if (format === "csv") yield csvHeader(ticketTable);
  if (format === "json") yield "[";
  let first = true;
  for await (const batch of batches) {
    if (format === "csv") yield batch.map((ticket) => csvLine(ticketCellsOf(ticket))).join("");
    else if (format === "ndjson") yield batch.map((ticket) => `${JSON.stringify(ticket)}\n`).join("");
    else {
      yield `${first ? "" : ","}${batch.map((ticket) => JSON.stringify(ticket)).join(",")}`;
      first = false;
    }
  }
  if (format === "json") yield "]";
}

function send(
  reply: FastifyReply,
  question: Question,
  format: ReportFormat,
  name: string,
  body: string | Readable,
): FastifyReply {
  const extension = format === "arrow" ? "arrows" : format;
  return reply
    .header("content-type", media[format])
    .header("content-disposition", `attachment; filename="${name}.${extension}"`)
    .header("cache-control", "no-store")
    .header("docket-as-of", question.asOf.toISOString())
    .header("docket-report-position", question.position)
    .send(body);
}
