import type { FastifyRequest } from "fastify";
import type { RouteDefinition } from "@docket/api-contract";
import { type AccessRecorder, type NewAccess, withoutNames } from "@docket/audit";
import type { AccessKind } from "@docket/domain";
import { actorOf, type Principal } from "../auth/principal.ts";

/** What an auditor's reading of an address counts as. */
const readings: Readonly<Record<string, AccessKind>> = {
  "tickets.get": "ticket",
  "tickets.timeline": "timeline",
  "tickets.clocks": "clocks",
  "tickets.replay": "replay",
  "tickets.attachment": "attachment",
  "journal.list": "journal",
  "access.list": "access_log",
  "verifications.start": "verification",
};

/** Addresses by which anybody takes records out as a whole. */
const takings: Readonly<Record<string, AccessKind>> = {
  "reports.rows": "report_export",
  "reports.get": "report_export",
  "privacy.export": "subject_export",
};

/** A report is an answer like any other as JSON; as a file it is an export. */
const isFile = ({ url, headers }: FastifyRequest): boolean => {
  const format = new URLSearchParams(url.split("?")[1]).get("format");
  return format === null ? /csv|ndjson|arrow/u.test(headers.accept ?? "") : format !== "json";
};

/** Records who looked at what, before the answer goes out. */
export interface Witness {
  /** An auditor's reading of one of the addresses above; nothing for anybody else. */
  reading(
    route: RouteDefinition,
    caller: Principal | null,
    request: FastifyRequest,
    ticketId: string | null,
  ): Promise<void>;
  /** An export by one of the addresses that give files, by whomever; before it begins. */
  taking(route: RouteDefinition, caller: Principal | null, request: FastifyRequest): Promise<void>;
  /** The beginning of an export, by whomever; gives what records its end. */
  exporting(
    kind: AccessKind,
    caller: Principal,
    request: FastifyRequest,
    ticketId?: string | null,
  ): Promise<(items: number, complete: boolean) => void>;
}

export function witness(recorder: AccessRecorder, onError: (error: unknown) => void): Witness {
  const noteOf = (
    kind: AccessKind,
    caller: Principal,
    request: FastifyRequest,
    ticketId: string | null,
    end: Pick<NewAccess, "items" | "complete"> = { items: null, complete: null },
  ): NewAccess => {
    const { id, role } = actorOf(caller);
    return { accountId: caller.accountId, actorId: id, role, kind, ticketId, query: queryOf(request), ...end };
  };
  return {
    async reading(route, caller, request, ticketId) {
      const kind = readings[route.id];
      if (caller?.role !== "auditor" || kind === undefined) return;
      await recorder.record(noteOf(kind, caller, request, ticketId));
    },
    async taking(route, caller, request) {
      const kind = takings[route.id];
      if (caller === null || kind === undefined || (route.id === "reports.get" && !isFile(request))) return;
      await recorder.record(noteOf(kind, caller, request, null));
    },
    async exporting(kind, caller, request, ticketId = null) {
      await recorder.record(noteOf(kind, caller, request, ticketId));
      return (items, complete) =>
        void recorder.record(noteOf(kind, caller, request, ticketId, { items, complete })).catch(onError);
    },
  };
}

function queryOf({ url }: FastifyRequest): string {
  const [path = "", query = ""] = url.split("?");
  const text = withoutNames(query);
  return text === "" ? path : `${path}?${text}`;
}
