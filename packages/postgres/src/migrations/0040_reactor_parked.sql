-- An event that a reactor could not deal with waits here, with all that follows it on its stream; the others flow.
create table app.reactor_parked (
  reactor text not null,
  stream text not null,
  revision integer not null,
  commit_position bigint not null,
  prepare_position bigint not null,
  event_id uuid not null,
  type text not null,
  -- only the event that failed has a cause; the others wait behind it
  cause text,
  parked_at timestamptz not null default now(),
  primary key (reactor, stream, revision)
);
