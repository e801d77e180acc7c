/** One ticket comes in every 63 seconds, so that a million of them is two years. */
export const everySeconds = 63;
export const begin = "2024-01-01T00:00:00Z";

/** The moments of each ticket's life: registered, classified, assigned, accepted, resolved, closed; `last` counts those that have been. */
export const lives = (tickets: number): string => `
  drop table if exists life;
  create temp table life as
  select i, id, at, (select count(*)::int - 1 from unnest(at) as moment where moment <= timestamptz '${begin}' + interval '${tickets * everySeconds} s') as last
  from (
    select i, at0, array[at0, at0 + interval '5 min', at0 + interval '20 min', at0 + interval '2 h',
        at0 + interval '6 h' + i * 7 % 48 * interval '1 h', at0 + interval '30 h' + i * 7 % 48 * interval '1 h'] as at,
      (lpad(to_hex((extract(epoch from at0) * 1000)::bigint), 12, '0') || '7' || left(md5(i::text), 3) || '8' || right(md5(i::text), 15))::uuid as id
    from (select i, timestamptz '${begin}' + i * interval '${everySeconds} s' as at0 from generate_series(0, ${tickets - 1}) as i) as one) as many`;

/** The changing columns of the version that step `k` (0 to 5) of a life made. */
const changing = `
  (array['registered', 'classified', 'assigned', 'in_work', 'result_confirmation', 'closed'])[k + 1] as status,
  case when i % 10 < 7 then 'incident' else 'consultation' end as type,
  case when i % 10 < 2 then 'high' when i % 10 < 7 then 'medium' else 'low' end as priority,
  k >= 1 as classified, (array['Router X', 'Perimeter Gate', 'Endpoint Guard'])[i % 3 + 1] as product,
  case when k >= 2 then 2 else 1 end::int2 as line,
  case when k >= 2 then (array['cc-network', 'cc-endpoint'])[i % 2 + 1] end as group_id,
  case when k >= 2 then 'engineer-' || i % 40 end as engineer_id,
  i % 50 = 0 and k >= 3 as under_control, i % 5 = 0 and k >= 3 as has_workaround, 0 as escalations, 0 as returns, 0 as hand_overs,
  at[1] + interval '4 h' as reaction_deadline, case when k < 3 then 'running' else 'met' end as reaction_state,
  case when k >= 3 then at[4] + interval '24 h' end as resolution_deadline, case when k = 3 then 'running' when k > 3 then 'met' end as resolution_state,
  at[least(k, 2) + 1] + interval '1 h' as ola_deadline, case when k < 3 then 'running' else 'met' end as ola_state,
  case when k < 3 then at[1] + interval '4 h' when k = 3 then at[4] + interval '24 h' end as next_deadline,
  case when k = 4 then at[5] + interval '7 days' end as auto_close_at,
  case when k >= 3 then at[4] end as accepted_at, case when k >= 4 then at[5] end as resolved_at,
  at[k + 1] as occurred_at, at[k + 1] as recorded_at, k as revision, (i::int8 * 6 + k) * 1000 as position,
  case when k < 2 then '{}' when k < 4 then '{"engineerName":"Инженер","routedBy":{"rulesVersion":3,"ruleId":"network","because":"product Router X"}}'
    else '{"engineerName":"Инженер","solution":"Провайдер восстановил порт, связь проверена, резервный канал отключён."}' end as details`;

/** The columns that \`changing\` gives, in its order. */
const changingNames = `status, type, priority, classified, product, line, group_id, engineer_id, under_control, has_workaround, escalations,
  returns, hand_overs, reaction_deadline, reaction_state, resolution_deadline, resolution_state, ola_deadline, ola_state, next_deadline,
  auto_close_at, accepted_at, resolved_at, occurred_at, recorded_at, revision, position, details`;

export const currentRows = `
  insert into ticket (${changingNames}, ticket_id, number, subject, organization_id, contract_id, requester_person_id, requester_name, requester_email,
    channel, region, received_at, registered_at, closed_because, closed_at, open, ticking)
  select ${changing}, id, 'SC-' || lpad(i::text, 6, '0'), 'Не работает маршрутизатор в филиале № ' || i % 97, 'org-' || i % 20, 'org-' || i % 20 || '-2024', 'ivanova',
    'Мария Иванова', 'm.ivanova@romashka.example', 'email', 'Москва', at[1] - interval '1 min', at[1],
    case when k = 5 then 'confirmed' end, case when k = 5 then at[6] end, k < 5, case when k < 3 then 5 when k = 3 then 2 else 0 end
  from (select *, last as k from life) as standing`;

export const pastRows = `
  insert into ticket_past (${changingNames}, ticket_id, valid_to, span)
  select ${changing}, id, at[k + 2], floor(log(2, extract(epoch from at[k + 2] - at[k + 1])))::int2 + 1
  from (select life.*, k from life, generate_series(0, 4) as k where k < last) as gone`;

export const textRows = `
  insert into ticket_text (ticket_id, details)
  select id, '{"description":"Коллеги, с утра нет связи с филиалом. Индикатор WAN красный, перезагрузка не помогла. Журнал во вложении.","language":"ru"}' from life`;
