import { sql } from "kysely";
import type { FastifyInstance } from "fastify";
import { clockFields, judgementFields, readingRoutes } from "@docket/api-contract";
import { isCustomer } from "../auth/principal.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { visibility } from "../policy/policy.ts";
import { answerList } from "../query/list.ts";
import { askedFor } from "../query/moment.ts";
import { knownAt } from "../query/past.ts";
import { namedColumns } from "../query/rows.ts";
import type { Row } from "../query/page.ts";
import { clocksAt } from "./source.ts";

const clockNames = {
  ticketId: "ticket_id",
  kind: "kind",
  line: "line",
  cycle: "cycle",
  state: "state",
  ticking: "ticking",
  pausedBecause: "paused_because",
  startedAt: "started_at",
  target: "target",
  deadline: "deadline",
  usedSeconds: "used_seconds",
  remainingSeconds: "remaining_seconds",
  stoppedAt: "stopped_at",
  missedAt: "missed_at",
  extendedTo: "extended_to",
  contractId: "contract_id",
  policyVersion: "policy_version",
  calendarId: "calendar_id",
  calendarVersion: "calendar_version",
} as const;

const judgementNames = {
  ticketId: "ticket_id",
  kind: "kind",
  line: "line",
  cycle: "cycle",
  outcome: "outcome",
  deadline: "deadline",
  judgedAt: "judged_at",
  recordedAt: "recorded_at",
  usedSeconds: "used_seconds",
  target: "target",
  policyVersion: "policy_version",
  calendarId: "calendar_id",
  calendarVersion: "calendar_version",
  organizationId: "organization_id",
  contractId: "contract_id",
  type: "type",
  priority: "priority",
  ticketLine: "ticket_line",
  groupId: "group_id",
  engineerId: "engineer_id",
  product: "product",
} as const;

/** The tables hold 0 for a clock that belongs to no line. */
const withLine = (shown: Record<string, unknown>): Record<string, unknown> => ({
  ...shown,
  line: shown["line"] === 0 ? null : shown["line"],
});

const clockKey = sql`(t.ticket_id::text || '/' || t.kind || '/' || t.line || '/' || t.cycle)`;

/** Clocks and judgements of all tickets that the caller sees. */
export function serveSla(app: FastifyInstance, serving: Serving): void {
  const { deps, serve } = serving;

  serve(app, readingRoutes.clocks, {}, async ({ caller, query }) => {
    demand(caller, { do: "see", what: "clock" });
    return answerList(serving, caller, query, {
      id: "sla.clocks",
      source: clocksAt,
      columns: Object.values(clockNames),
      key: clockKey,
      fields: clockFields,
      defaultSort: "deadline",
      nullable: new Set(["deadline"]),
      search: [],
      filter: visibility(caller, "clock"),
      asked: askedFor(query, deps.clock.now()),
      item: (row: Row) => withLine(namedColumns(row, clockNames)) as never,
    });
  });

  serve(app, readingRoutes.judgements, {}, async ({ caller, query }) => {
    demand(caller, { do: "see", what: "judgement" });
    const names: Record<string, string> = { ...judgementNames };
    if (isCustomer(caller)) {
      delete names["ticketLine"];
      delete names["groupId"];
    }
    return answerList(serving, caller, query, {
      id: "sla.judgements",
      source: (moment) => sql`(select * from read.judgement j where ${knownAt("j", moment)})`,
      columns: Object.values(judgementNames),
      key: clockKey,
      fields: judgementFields,
      defaultSort: "-judgedAt",
      nullable: new Set(["deadline"]),
      search: [],
      filter: visibility(caller, "judgement"),
      asked: askedFor(query, deps.clock.now()),
      item: (row: Row) => withLine(namedColumns(row, names)) as never,
    });
  });
}
