-- The projection engine: which generation of each read model is current, how far it has come, what is parked.

create schema engine;
create schema read;

-- layout grows when a rebuild switches tables: a projector that still writes to the old ones fails to move the checkpoint.
create table engine.checkpoints (
  name text primary key,
  commit_position bigint not null,
  prepare_position bigint not null,
  epoch bigint not null default 0,
  layout bigint not null default 0,
  updated_at timestamptz not null default now()
);

create table engine.projections (
  name text primary key,
  version integer not null,
  generation integer not null,
  schema_name text not null,
  switched_at timestamptz not null default now()
);

create table engine.rebuilds (
  id bigint generated always as identity primary key,
  projection text not null,
  version integer not null,
  generation integer not null,
  schema_name text not null,
  state text not null check (state in ('prepared', 'running', 'built', 'compared', 'switched', 'aborted', 'failed')),
  commit_position bigint not null default 0,
  prepare_position bigint not null default 0,
  target_position bigint not null default 0,
  events_done bigint not null default 0,
  rows_written bigint not null default 0,
  comparison jsonb,
  error text,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (projection, generation)
);

-- A stream whose event could not be folded waits here with all that follows it, per read model and generation.
create table engine.parked (
  projection text not null,
  generation integer not null,
  stream text not null,
  revision integer not null,
  commit_position bigint not null,
  prepare_position bigint not null,
  event_id uuid not null,
  type text not null,
  event text not null,
  -- only the event that failed has a cause; the others wait behind it
  cause text,
  parked_at timestamptz not null default now(),
  release_asked_at timestamptz,
  primary key (projection, generation, stream, revision)
);

-- What each projector process last said of itself: for people who ask why nothing moves.
create table engine.status (
  instance text primary key,
  state text not null,
  commit_position bigint not null default 0,
  stuck_because text,
  stuck_on jsonb,
  updated_at timestamptz not null default now()
);

-- Compare-and-set on place, epoch and layout; raises, so that statements sent behind it in one go roll back with it.
create function engine.move_checkpoint(
  of_name text, with_epoch bigint, with_layout bigint,
  from_commit bigint, from_prepare bigint, to_commit bigint, to_prepare bigint
) returns void language plpgsql as $$
declare
  found_row engine.checkpoints;
begin
  update engine.checkpoints set commit_position = to_commit, prepare_position = to_prepare, updated_at = now()
  where name = of_name and epoch = with_epoch and layout = with_layout
    and commit_position = from_commit and prepare_position = from_prepare;
  if found then
    return;
  end if;
  select * into found_row from engine.checkpoints where name = of_name;
  if found_row.epoch is distinct from with_epoch then
    raise exception 'checkpoint % is led by epoch %, not %', of_name, found_row.epoch, with_epoch using errcode = 'DK001';
  elsif found_row.layout is distinct from with_layout then
    raise exception 'the tables of % were switched to layout %', of_name, found_row.layout using errcode = 'DK002';
  end if;
  raise exception 'checkpoint % is at %/%, expected %/%', of_name,
    found_row.commit_position, found_row.prepare_position, from_commit, from_prepare using errcode = 'DK003';
end $$;
