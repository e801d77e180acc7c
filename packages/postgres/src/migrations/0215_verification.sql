-- A verification tells what it is at, and can be broken off from any gateway.
alter table audit.verification
  add column phase text not null default 'log' check (phase in ('log', 'read_models')),
  add column stop_asked boolean not null default false;
alter table audit.verification drop constraint verification_state_check;
alter table audit.verification
  add constraint verification_state_check check (state in ('waiting', 'running', 'done', 'stopped', 'failed'));
-- the last ones of a ticket
create index verification_ticket on audit.verification (ticket_id, asked_at) where state = 'done';
