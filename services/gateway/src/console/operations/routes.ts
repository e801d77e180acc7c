import type { FastifyInstance } from "fastify";
import { operationRoutes } from "@docket/api-contract";
import { unpark } from "@docket/projection-engine";
import { languageFor } from "../../http/language.ts";
import { Refusal } from "../../http/refusal.ts";
import type { Serving } from "../../http/serve.ts";
import { openSocketCount } from "../../live/routes.ts";
import { demand } from "../../policy/enforce.ts";
import { readProcesses } from "./processes.ts";
import { readProjections, shownRequest } from "./projections.ts";
import { shownEvents, tailOf } from "./store-browser.ts";

/** For those who look after Docket itself: read models, the event store, processes, mails that do not leave. */
export function serveOperations(app: FastifyInstance, serving: Serving): void {
  const { deps, serve } = serving;
  const { pool, store, logger } = deps;

  serve(app, operationRoutes.projections, {}, async ({ caller }) => {
    demand(caller, { do: "administer" });
    return readProjections(pool, store);
  });

  serve(app, operationRoutes.releaseParked, {}, async ({ caller, body }) => {
    demand(caller, { do: "administer" });
    const { projection, stream } = body;
    const streams = await unpark(pool, {
      ...(projection === undefined ? {} : { projection }),
      ...(stream === undefined ? {} : { stream }),
    });
    logger.info({ account: caller.accountId, projection, stream, streams }, "parked streams are folded once more");
    return { streams };
  });

  serve(app, operationRoutes.askRebuild, {}, async ({ caller, body, idFor }) => {
    demand(caller, { do: "administer" });
    const { rows: known } = await pool.query<{ name: string }>(
      "select name from engine.projections where name not in ('journal', 'queue')",
    );
    const unknown = body.projections.find((name) => !known.some((row) => row.name === name));
    if (unknown !== undefined)
      throw new Refusal("unknown_projection", { field: "projections", params: { name: unknown } });
    const id = idFor("rebuild");
    await pool.query(
      "insert into engine.rebuild_requests (id, projections, asked_by) values ($1, $2, $3) on conflict do nothing",
      [id, body.projections, caller.name],
    );
    const { rows } = await pool.query("select * from engine.rebuild_requests where id = $1", [id]);
    return shownRequest(rows[0]);
  });

  serve(app, operationRoutes.streams, {}, async ({ caller, query }) => {
    demand(caller, { do: "administer" });
    const { rows } = await pool.query<{
      stream: string;
      stream_kind: string;
      recorded_at: Date;
      position: string;
      type: string;
    }>(
      `select stream, stream_kind, recorded_at, position, type from read.journal
       where revision = 0 and ($1::text is null or stream_kind = $1) and ($2::text is null or strpos(stream, $2) > 0)
         and ($3::bigint is null or position < $3) order by position desc limit $4`,
      [query.kind ?? null, query.q ?? null, query.page ?? null, query.limit + 1],
    );
    const shown = rows.slice(0, query.limit);
    return {
      items: shown.map((row) => ({
        stream: row.stream,
        kind: row.stream_kind,
        begunAt: row.recorded_at.toISOString(),
        position: row.position,
        type: row.type,
      })),
      nextPage: rows.length > query.limit ? (shown.at(-1)?.position ?? null) : null,
    };
  });

  serve(app, operationRoutes.stream, {}, async ({ caller, params, query, request }) => {
    demand(caller, { do: "administer" });
    const raws = await store.loadRaw(params.stream, { from: query.from, limit: query.limit + 1 });
    if (raws.length === 0 && query.from === 0) throw new Refusal("not_found");
    const items = await shownEvents(store, raws.slice(0, query.limit), languageFor(request, caller));
    return { stream: params.stream, items, nextRevision: raws[query.limit]?.revision ?? null };
  });

  serve(app, operationRoutes.all, {}, async ({ caller, query, request }) => {
    demand(caller, { do: "administer" });
    const { events, nextPage } = await tailOf(store, query);
    const head = await store.head();
    return {
      head: String(head.commit),
      items: await shownEvents(store, events, languageFor(request, caller)),
      nextPage,
    };
  });

  serve(app, operationRoutes.processes, {}, async ({ caller }) => {
    demand(caller, { do: "administer" });
    return readProcesses(pool, store);
  });

  serve(app, operationRoutes.retryMail, {}, async ({ caller, params }) => {
    demand(caller, { do: "administer" });
    const { rowCount } = await pool.query(
      `update app.outbox set status = 'waiting', attempts = 0, next_attempt_at = now(), last_error = null
       where id = $1 and status = 'failed'`,
      [params.mailId],
    );
    if (rowCount === 0) throw new Refusal("not_found");
    await pool.query("notify docket_outbox");
    return undefined;
  });

  serve(app, operationRoutes.simulation, {}, async ({ caller }) => {
    demand(caller, { do: "administer" });
    return readSimulation();
  });

  serve(app, operationRoutes.changeSimulation, {}, async ({ caller, body }) => {
    demand(caller, { do: "administer" });
    const before = await readSimulation();
    await pool.query(
      `insert into app.simulation (running, speed) values ($1, $2)
       on conflict (one) do update set running = excluded.running, speed = excluded.speed, changed_at = now()`,
      [body.running ?? before.running ?? true, body.speed ?? before.speed ?? 1],
    );
    return readSimulation();
  });

  async function readSimulation() {
    const { rows } = await pool.query<{ running: boolean; speed: number }>("select running, speed from app.simulation");
    return { running: rows[0]?.running ?? null, speed: rows[0]?.speed ?? null, watched: openSocketCount() > 0 };
  }
}
