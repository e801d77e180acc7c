import { sql } from "kysely";
import type { FastifyInstance } from "fastify";
import { directoryFields, directoryRoutes, type DirectoryEntry } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import type { Serving } from "../http/serve.ts";
import { Refusal } from "../http/refusal.ts";
import { demand } from "../policy/enforce.ts";
import { visibility, type DirectoryKind } from "../policy/policy.ts";
import { entryStateFor } from "../policy/redaction.ts";
import { and, oneOf } from "../query/filter.ts";
import { filterSql } from "../query/filter-sql.ts";
import { answerList } from "../query/list.ts";
import { askedFor, toldAsOf } from "../query/moment.ts";
import type { Row } from "../query/page.ts";
import { directoryAt, directoryColumns } from "./past.ts";

/** Customers, contracts, staff, groups, calendars, rules and plans, now or at a past moment. */
export function serveDirectory(app: FastifyInstance, serving: Serving): void {
  const { deps, serve } = serving;

  for (const { kind, list, one } of directoryRoutes) {
    serve(app, list, {}, async ({ caller, query }) => {
      demand(caller, { do: "see", what: kind });
      return answerList(serving, caller, query, {
        id: list.id,
        source: (moment) => directoryAt(kind, moment),
        columns: directoryColumns,
        key: sql.ref("t.entry_id"),
        fields: directoryFields,
        defaultSort: "name",
        nullable: new Set(),
        search: ["name", "entry_id"],
        filter: visibility(caller, kind),
        asked: askedFor(query, deps.clock.now()),
        item: (row) => entryFor(caller, kind, row),
      });
    });

    serve(app, one, {}, async ({ caller, params, query, reply }) => {
      demand(caller, { do: "see", what: kind });
      const moment = await serving.moment(query, reply);
      const filter = and(visibility(caller, kind), oneOf("entry_id", params.id));
      const result =
        await sql<Row>`select t.* from ${directoryAt(kind, moment)} as t where ${filterSql(filter, "t")}`.execute(
          deps.db,
        );
      const row = result.rows[0];
      if (row === undefined) throw new Refusal("not_found");
      return { ...entryFor(caller, kind, row), asOf: toldAsOf(moment) };
    });
  }
}

const entryFor = (caller: Principal, kind: DirectoryKind, row: Row): DirectoryEntry => ({
  id: row["entry_id"] as string,
  name: row["name"] as string,
  organizationId: row["organization_id"] as string | null,
  active: row["active"] as boolean,
  state: { ...entryStateFor(caller, kind, row["state"] as Record<string, unknown>) },
  revision: row["revision"] as number,
  position: String(row["position"]),
});
