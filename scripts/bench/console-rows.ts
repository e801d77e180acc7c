import { createPool } from "@docket/postgres";

/**
 * Open tickets with both their clocks, so many that the queue has `rows` of them. They are made by statements, shaped like those of the
 * projections: nobody ever opens one of them, so they need no story. Their deadlines lie behind those of the tickets that the
 * run itself registers, which therefore stand at the top of a queue by deadline, where they are seen.
 */
export async function fillQueue(databaseUrl: string, rows: number): Promise<void> {
  const pool = createPool(databaseUrl, { max: 1 });
  try {
    const schemas = await pool.query<{ name: string; schema_name: string }>(
      "select name, schema_name from engine.projections where name in ('ticket', 'sla')",
    );
    const schemaOf = (name: string): string => schemas.rows.find((each) => each.name === name)?.schema_name ?? name;
    const [tickets, clocks] = [`${schemaOf("ticket")}.ticket`, `${schemaOf("sla")}.clock_now`];
    const { rows: found } = await pool.query<{ count: number }>(
      `select count(*)::int as count from ${tickets} where open`,
    );
    const missing = rows - (found[0]?.count ?? 0);
    if (missing <= 0) return;
    const { rows: last } = await pool.query<{ last: number }>(
      `select coalesce(max(substr(number, 4)::int), 0)::int as last from ${tickets} where number like 'SC-9%'`,
    );
    const from = Math.max(900_000, (last[0]?.last ?? 0) + 1);
    await pool.query(`drop table if exists made; create temp table made as ${lives(from, missing)}`);
    await pool.query(ticketRows(tickets));
    await pool.query(clockRows(clocks));
    await pool.query(`vacuum (analyze) ${tickets}`);
    await pool.query(`vacuum (analyze) ${clocks}`);
  } finally {
    await pool.end();
  }
}

/** One life a row: half are in work with a running solution clock, the others wait to be accepted. */
const lives = (from: number, count: number): string => `
  select i, gen_random_uuid() as id, now() - i % 400 * interval '7 minutes' as at, i % 2 = 0 as working,
    now() + interval '10 days' + i * interval '3 seconds' as due, (array['severny', 'ural', 'baltic'])[i % 3 + 1] as customer
  from generate_series(${from}, ${from + count - 1}) as i`;

const ticketRows = (table: string): string => `
  insert into ${table} (ticket_id, number, subject, organization_id, contract_id, requester_person_id, requester_name, requester_email, channel, region,
    received_at, registered_at, status, type, priority, classified, product, line, group_id, engineer_id, under_control, has_workaround, escalations, returns,
    hand_overs, reaction_deadline, reaction_state, resolution_deadline, resolution_state, ola_deadline, ola_state, next_deadline, auto_close_at,
    accepted_at, resolved_at, occurred_at, recorded_at, revision, position, details, closed_because, closed_at, open, ticking)
  select id, 'SC-' || lpad(i::text, 6, '0'), 'Не работает маршрутизатор в филиале № ' || i % 97, customer, customer || '-2024', null, 'Мария Иванова', null, 'email', 'Москва',
    at, at, case when working then 'in_work' else 'assigned' end, case when i % 10 < 7 then 'incident' else 'consultation' end,
    (array['high', 'medium', 'medium', 'low'])[i % 4 + 1], true, 'Router X', 2, 'cc-network', (array['ivan', 'inna'])[i % 2 + 1], i % 50 = 0, false, 0, 0,
    0, due, case when working then 'met' else 'running' end, case when working then due end, case when working then 'running' end, null, null, due, null,
    case when working then at + interval '20 minutes' end, null, at, at, 3, i * 10, '{}', null, null, true, case when working then 2 else 1 end
  from made`;

const clockRows = (table: string): string => `
  insert into ${table} (ticket_id, kind, line, cycle, seq, state, ticking, paused_because, started_at, target, deadline, used_seconds, remaining_seconds,
    stopped_at, missed_at, extended_to, contract_id, policy_version, calendar_id, calendar_version, from_at, recorded_at, position)
  select id, kind, 0, 1, 1, case when kind = 'reaction' and working then 'met' else 'running' end, kind = 'resolution' or not working, null, at, '4h', due,
    600, null, case when kind = 'reaction' and working then at + interval '20 minutes' end, null, null, customer || '-2024', 1,
    case customer when 'severny' then 'moscow-5x9' when 'ural' then 'ural-5x8' else 'round-the-clock' end, 1, at, at, i * 10
  from made, (values ('reaction'), ('resolution')) as clocks (kind) where kind = 'reaction' or working`;
