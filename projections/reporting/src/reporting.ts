import { defineProjection, type ReadView } from "@docket/projection-engine";

/*
 * The public face of the read models for BI tools: the schema `reporting`, which the role docket_reporting reads and nothing else. Its columns
 * are promised (docs/reporting-sql.md): they may become more, and none goes or changes its meaning without a new major version. No names,
 * addresses or texts of people are in it: people are their ids. It folds nothing; its views build on those of `read`.
 */

const seconds = (from: string, to: string): string => `extract(epoch from ${to} - ${from})::float8`;

const ticketColumns = `ticket_id, number, organization_id, contract_id, channel, requester_person_id as requester_id, type, priority, status,
    product, line::int4 as line, group_id, engineer_id, status <> 'closed' as is_open, received_at, registered_at, accepted_at, resolved_at,
    closed_at, closed_because, reaction as reaction_state, reaction_seconds as reaction_working_seconds,
    ${seconds("registered_at", "accepted_at")} as reaction_wall_seconds, reaction_missed_at, resolution as resolution_state,
    resolution_seconds as resolution_working_seconds, ${seconds("accepted_at", "resolved_at")} as resolution_wall_seconds,
    resolution_missed_at, returns::int4 as returns, hand_overs::int4 as hand_overs, customer_escalations::int4 as customer_escalations,
    manager_escalations::int4 as manager_escalations, policy_escalations::int4 as policy_escalations, recorded_at, position`;

const view = (name: string, sql: string): ReadView => ({ schema: "reporting", name, sql: () => sql });

const directory = (kind: string, columns: string): string =>
  `select entry_id as ${kind.replace("-", "_")}_id, ${columns}, active, revision, position from read.directory
   where kind = '${kind}' and valid_to = 'infinity'`;

export const reporting = defineProjection({
  name: "reporting",
  version: 1,
  kinds: [],
  tables: [],
  views: [
    view("tickets", `select ${ticketColumns} from read.measure`),
    {
      schema: "reporting",
      name: "tickets_at",
      kind: "function",
      // runs with its owner's rights: the role sees what it gives and not what it reads
      sql: () => `
        create or replace function reporting.tickets_at(moment timestamptz, log_position bigint default 9223372036854775807)
        returns setof reporting.tickets language sql stable parallel safe security definer set search_path = pg_catalog as $$
          select ${ticketColumns} from read.measures_at(moment, log_position)
        $$`,
    },
    view(
      "ticket_stretches",
      `select ticket_id, organization_id, contract_id, revision, status, came_from, came_after as came_after_seconds, type, priority,
        product, line::int4 as line, group_id, engineer_id, calendar_id, paused as paused_because, from_at, to_at, recorded_at, position
       from read.measure_stretch`,
    ),
    view(
      "judgements",
      `select ticket_id, kind, nullif(line, 0) as line, cycle, outcome, target, deadline, judged_at, used_seconds as used_working_seconds,
        organization_id, contract_id, type, priority, ticket_line, group_id, engineer_id, product, policy_version, calendar_id,
        calendar_version, recorded_at, position
       from read.judgement`,
    ),
    view(
      "open_clocks",
      `select ticket_id, kind, nullif(line, 0) as line, cycle, state, ticking, paused_because, started_at, target, deadline,
        used_seconds as used_working_seconds, remaining_seconds as remaining_working_seconds, missed_at, contract_id, policy_version,
        calendar_id, calendar_version, from_at, position
       from read.clock where valid_to = 'infinity' and stopped_at is null`,
    ),
    view("organizations", directory("organization", "name, state->>'zone' as zone, state->>'region' as region")),
    view(
      "contracts",
      directory(
        "contract",
        `name as number, organization_id, (state->>'validFrom')::date as valid_from, (state->>'validTo')::date as valid_to`,
      ),
    ),
    view("groups", directory("group", "name, (state->>'line')::int4 as line, state->>'kind' as kind")),
    view("engineers", directory("staff", "state->>'role' as role")),
    view("calendars", directory("calendar", "name")),
    view(
      "as_of",
      `select c.commit_position as position, (select max(recorded_at) from read.measure) as latest_recorded_at, c.updated_at
       from engine.checkpoints c where c.name = 'projector'`,
    ),
  ],
  fold: () => undefined,
});
