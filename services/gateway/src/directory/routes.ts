import { sql } from "kysely";
import type { FastifyInstance } from "fastify";
import { directoryFields, directoryRoutes, type DirectoryEntry } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import type { Serving } from "../http/serve.ts";
import { Refusal } from "../http/refusal.ts";
import { demand } from "../policy/enforce.ts";
import { visibility, type DirectoryKind } from "../policy/policy.ts";
import { entryStateFor } from "../policy/redaction.ts";
import { and, oneOf, type Filter } from "../query/filter.ts";
import { filterSql } from "../query/filter-sql.ts";
import { answerList } from "../query/list.ts";
import { momentOf } from "../query/moment.ts";
import type { Row } from "../query/page.ts";

const columns = ["entry_id", "name", "organization_id", "active", "state", "revision", "position"];

/** Customers, contracts, staff, groups, calendars, rules and plans, now or at a past moment. */
export function serveDirectory(app: FastifyInstance, serving: Serving): void {
  const { deps, serve } = serving;

  for (const { kind, list, one } of directoryRoutes) {
    serve(app, list, {}, async ({ caller, query }) => {
      demand(caller, { do: "see", what: kind });
      const asOf = momentOf(query["asOf"], deps.clock.now());
      return answerList(serving, caller, query, {
        id: list.id,
        source: sql.table("read.directory"),
        columns,
        key: sql.ref("t.entry_id"),
        fields: directoryFields,
        defaultSort: "name",
        nullable: new Set(),
        search: ["name", "entry_id"],
        filter: entries(caller, kind, asOf),
        asOf,
        item: (row) => entryFor(caller, kind, row),
      });
    });

    serve(app, one, {}, async ({ caller, params, query }) => {
      demand(caller, { do: "see", what: kind });
      const filter = and(entries(caller, kind, momentOf(query.asOf, deps.clock.now())), oneOf("entry_id", params.id));
      const result =
        await sql<Row>`select ${sql.join(columns.map((column) => sql.ref(column)))} from read.directory as t where ${filterSql(filter, "t")}`.execute(
          deps.db,
        );
      const row = result.rows[0];
      if (row === undefined) throw new Refusal("not_found");
      return entryFor(caller, kind, row);
    });
  }
}

const entries = (caller: Principal, kind: DirectoryKind, at: Date | null): Filter =>
  and(oneOf("kind", kind), { op: "validAt", at }, visibility(caller, kind));

const entryFor = (caller: Principal, kind: DirectoryKind, row: Row): DirectoryEntry => ({
  id: row["entry_id"] as string,
  name: row["name"] as string,
  organizationId: row["organization_id"] as string | null,
  active: row["active"] as boolean,
  state: { ...entryStateFor(caller, kind, row["state"] as Record<string, unknown>) },
  revision: row["revision"] as number,
  position: String(row["position"]),
});
