/** So many tickets make a year: with a million, one comes in every 31.5 seconds. */
export const reportYear = { begin: "2025-01-01T00:00:00Z", seconds: 365 * 86_400 } as const;

/**
 * The moments of each ticket's life within the year: registered, classified, assigned, accepted, waiting, in work again, resolved, closed.
 * More of them come by day than by night; one in fifty lies for weeks.
 */
export const reportLives = (tickets: number): string => `
  drop table if exists life;
  create temp table life as
  select i, id, at, (select count(*)::int - 1 from unnest(at) as moment where moment <= timestamptz '${reportYear.begin}' + interval '${reportYear.seconds} s') as last
  from (
    select i, array[at0, at0 + interval '5 min', at0 + interval '20 min', at0 + took * 0.1, at0 + took * 0.3, at0 + took * 0.5,
        at0 + took, at0 + took + interval '1 day'] as at,
      (lpad(to_hex((extract(epoch from at0) * 1000)::bigint), 12, '0') || '7' || left(md5(i::text), 3) || '8' || right(md5(i::text), 15))::uuid as id
    from (
      select i, date_trunc('day', at) + (at - date_trunc('day', at)) * 0.5 + interval '6 h' as at0,
        (1 + i::bigint * 7919 % 100) * case when i % 50 = 0 then interval '6 h' else interval '30 min' end as took
      from (select i, timestamptz '${reportYear.begin}' + i * interval '1 s' * (${reportYear.seconds}.0 / ${tickets}) as at
        from generate_series(0, ${tickets - 1}) as i) as evenly) as one) as many`;

/** Places within the log that the stage has written by then: some 40,000 for the year, which many tickets share. */
const placeOf = (instant: string): string =>
  `floor((extract(epoch from ${instant}) - ${Date.parse(reportYear.begin) / 1_000})::float8 * 40000 / ${reportYear.seconds})::int8`;

/** The changing columns of the version that step `k` (0 to 7) of a life made. */
const changing = `
  (array['registered', 'classified', 'assigned', 'in_work', 'waiting_customer', 'in_work', 'result_confirmation', 'closed'])[k + 1] as status,
  (array[null, 'registered', 'classified', 'assigned', 'in_work', 'waiting_customer', 'in_work', 'result_confirmation'])[k + 1] as came_from,
  case when k > 0 then extract(epoch from at[k + 1] - at[k])::int end as came_after,
  case when i % 10 < 7 then 'incident' else 'consultation' end as type,
  case when i % 10 < 2 then 'high' when i % 10 < 7 then 'medium' else 'low' end as priority,
  (array['Router X', 'Perimeter Gate', 'Endpoint Guard'])[i % 3 + 1] as product,
  case when k >= 2 then 1 + i % 3 end::int2 as line,
  case when k >= 2 then (array['cc-network', 'cc-endpoint'])[i % 2 + 1] end as group_id,
  case when k >= 2 then 'engineer-' || i % 40 end as engineer_id, 'moscow-5x9' as calendar_id,
  case when k = 4 then 'customer' end as paused,
  case when k < 3 then 'running' when i % 11 = 0 then 'missed' else 'met' end as reaction,
  case when k >= 3 then extract(epoch from at[4] - at[1])::int / 2 end as reaction_seconds,
  case when k >= 3 and i % 11 = 0 then at[3] end as reaction_missed_at,
  case when k < 3 then null when k = 4 then 'paused' when k < 6 then 'running' when i % 7 = 0 then 'missed' else 'met' end as resolution,
  case when k >= 6 then extract(epoch from at[7] - at[4])::int / 2 end as resolution_seconds,
  case when k >= 6 and i % 7 = 0 then at[6] end as resolution_missed_at,
  case when i % 20 = 0 then 1 else 0 end::int2 as returns, case when i % 5 = 0 then 1 else 0 end::int2 as hand_overs,
  case when i % 50 = 0 then 1 else 0 end::int2 as customer_escalations, 0::int2 as manager_escalations,
  case when i % 33 = 0 then 1 else 0 end::int2 as policy_escalations,
  case when k >= 3 then at[4] end as accepted_at, case when k >= 6 then at[7] end as resolved_at,
  at[k + 1] as from_at, at[k + 1] as recorded_at, k as revision, ${placeOf("at[k + 1]")} + k as position,
  k <> 5 as first_status, k in (0, 2) as first_line, case when k = 4 then 2 else 0 end::int2 as first_pause`;

const names = `status, came_from, came_after, type, priority, product, line, group_id, engineer_id, calendar_id, paused, reaction,
  reaction_seconds, reaction_missed_at, resolution, resolution_seconds, resolution_missed_at, returns, hand_overs, customer_escalations,
  manager_escalations, policy_escalations, accepted_at, resolved_at, from_at, recorded_at, revision, position,
  first_status, first_line, first_pause`;

export const measureRows = `
  insert into measure (${names}, ticket_id, number, organization_id, contract_id, channel, requester_person_id, received_at, registered_at,
    closed_at, closed_because, since, been)
  select ${changing}, id, 'SC-' || lpad(i::text, 7, '0'), 'org-' || i % 20, 'org-' || i % 20 || '-2025', (array['email', 'phone', 'portal'])[i % 3 + 1],
    'person-' || i % 20 || '-' || i % 1000, at[1], at[1], case when k = 7 then at[8] end,
    case when k = 7 then case when i % 4 = 0 then 'auto_closed' else 'confirmed' end end, at[k + 1], 0
  from (select *, last as k from life) as standing`;

export const measurePastRows = `
  insert into measure_past (${names}, ticket_id, to_at, valid_to, next_position, span, stride)
  select gone.*, floor(ln(greatest(1, extract(epoch from valid_to - recorded_at))::float8) / ln(2::float8))::int2 + 1,
    floor(ln(greatest(1, next_position - position)::float8) / ln(2::float8))::int2 + 1
  from (select ${changing}, id, at[k + 2] as to_at, at[k + 2] as valid_to, ${placeOf("at[k + 2]")} + k + 1 as next_position
    from (select life.*, k from life, generate_series(0, 6) as k where k < last) as steps) as gone`;
