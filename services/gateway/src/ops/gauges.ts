import { Gauge, Registry, type Clock } from "@docket/service-kit";
import type pg from "pg";
import type { ReadSide } from "../read-side.ts";

/** Scrapes closer together than this are answered from the last one. */
const freshMs = 5_000;

interface Measured {
  readonly parked: { name: string; streams: number }[];
  readonly outbox: Readonly<Record<string, number>>;
  readonly overdue: number;
  readonly overdue_seconds: number | null;
  readonly reactors: { name: string; streams: number }[];
}

/**
 * How the whole of Docket stands, as far as Postgres knows it: the same from every gateway, so scrape any one of them for
 * alerts. Written as Prometheus text; without Postgres the only line is that it is away.
 */
export function createGauges(parts: {
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, "now">;
  readonly readSide: Pick<ReadSide, "lagMs">;
}): { readonly text: () => Promise<string> } {
  const { pool, clock, readSide } = parts;
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name: `docket_${name}`, help, labelNames, registers: [registry] });
  const reachable = gauge("postgres_reachable", "1 when the read side answers, else 0");
  const behind = gauge(
    "read_models_age_seconds",
    "Age of what a reading shows; 0 while it holds all that the event store holds",
  );
  const parked = gauge("projection_parked_streams", "Streams that a read model cannot fold", ["projection"]);
  const reactors = gauge("reactor_parked_streams", "Streams that a reaction cannot deal with", ["reactor"]);
  const outbox = gauge("outbox_mails", "Mails that wait to be sent, or were given up", ["status"]);
  const overdue = gauge("deadlines_due", "Tickets and plans with a moment that is due and not yet dealt with");
  const overdueFor = gauge("deadlines_due_seconds", "How long the oldest of them has been due");

  async function measure(): Promise<void> {
    behind.set(readSide.lagMs() / 1_000);
    for (const each of [parked, reactors, outbox, overdue, overdueFor]) each.reset();
    try {
      const { rows } = await pool.query<Measured>(
        `select
           (select coalesce(json_agg(json_build_object('name', p.name, 'streams',
              (select count(distinct stream) from engine.parked k where k.projection = p.name and k.generation = p.generation))), '[]')
            from engine.projections p) as parked,
           json_build_object(
             'waiting', (select count(*) from app.outbox where status in ('waiting', 'sending')),
             'failed', (select count(*) from app.outbox where status = 'failed')) as outbox,
           (select coalesce(json_agg(json_build_object('name', reactor, 'streams', n)), '[]')
            from (select c.name as reactor, count(distinct k.stream) as n
                  from app.reactor_checkpoints c left join app.reactor_parked k on k.reactor = c.name group by 1) r) as reactors,
           (select count(*)::int from read.deadline_owner where next_due <= $1) as overdue,
           (select extract(epoch from $1 - min(next_due))::float8 from read.deadline_owner where next_due <= $1) as overdue_seconds`,
        [clock.now()],
      );
      const found = rows[0] as Measured;
      reachable.set(1);
      for (const { name, streams } of found.parked) parked.set({ projection: name }, streams);
      for (const { name, streams } of found.reactors) reactors.set({ reactor: name }, streams);
      for (const [status, mails] of Object.entries(found.outbox)) outbox.set({ status }, mails);
      overdue.set(found.overdue);
      overdueFor.set(found.overdue_seconds ?? 0);
    } catch {
      reachable.set(0);
    }
  }

  let measured: Promise<void> | undefined;
  let until = 0;
  return {
    async text() {
      if (performance.now() >= until) {
        until = performance.now() + freshMs;
        measured = measure();
      }
      await measured;
      return registry.metrics();
    },
  };
}
