import { userInfo } from "node:os";
import { flushAccess, noteAccess } from "@docket/audit";
import type { AccessEntry } from "@docket/domain";
import type { EventStore } from "@docket/event-store";
import type { Clock } from "@docket/service-kit";
import type pg from "pg";

/** Records an export by a verb: by whoever runs it on this machine. */
export async function recordExport(
  pool: pg.Pool,
  store: EventStore,
  clock: Clock,
  what: Pick<AccessEntry, "query" | "items" | "complete"> & { readonly kind?: AccessEntry["kind"] },
): Promise<void> {
  const account = `shell:${userInfo().username}`;
  const access = {
    accountId: account,
    actorId: "shell",
    role: "admin",
    kind: "evidence_export",
    ticketId: null,
  } as const;
  await noteAccess(pool, clock, [{ ...access, ...what }]);
  await flushAccess(pool, store, clock);
}
