import { sql } from "kysely";
import type { FastifyInstance } from "fastify";
import { journalFields, readingRoutes } from "@docket/api-contract";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { visibility } from "../policy/policy.ts";
import { answerList } from "../query/list.ts";
import { askedFor } from "../query/moment.ts";
import { knownAt } from "../query/past.ts";
import { columnsOf, namedColumns } from "../query/rows.ts";

const names = {
  ...columnsOf(journalFields),
  revision: "revision",
  eventId: "event_id",
  schemaVersion: "schema_version",
  causationId: "causation_id",
  data: "data",
  meta: "meta",
  prevHash: "prev_hash",
  hash: "hash",
};

/** Every fact of the store, newest first, for auditors. */
export function serveJournal(app: FastifyInstance, serving: Serving): void {
  serving.serve(app, readingRoutes.journal, {}, async ({ caller, query }) => {
    demand(caller, { do: "see", what: "journal" });
    return answerList(serving, caller, query, {
      id: "journal",
      source: (moment) => sql`(select * from read.journal j where ${knownAt("j", moment)})`,
      columns: Object.values(names),
      key: sql.ref("t.event_id"),
      fields: journalFields,
      defaultSort: "-position",
      nullable: new Set(),
      search: ["stream", "type", "actor_id"],
      filter: visibility(caller, "journal"),
      asked: askedFor(query, serving.deps.clock.now()),
      item: (row) => namedColumns(row, names) as never,
    });
  });
}
