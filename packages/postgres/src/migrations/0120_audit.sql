-- What makes the record provable (docs/auditors.md). The tree can be made anew from the event store; the pending access records
-- cannot: they are primary data until they stand in the store.

create schema audit;

-- The ends of all hash chains as of the last checkpoint: the leaves of the tree, in the order in which their streams began.
create table audit.chain_head (
  leaf bigint primary key,
  stream text not null unique,
  revision integer not null,
  hash bytea not null check (length(hash) = 32),
  -- place in the log of that event
  position bigint not null
);

-- The nodes of the tree above its leaves.
create table audit.tree_node (
  level smallint not null,
  place bigint not null,
  hash bytea not null check (length(hash) = 32),
  primary key (level, place)
);

create table audit.tree (
  only_one boolean primary key default true check (only_one),
  leaves bigint not null,
  -- every event up to here is in the leaves
  commit_position bigint not null,
  prepare_position bigint not null,
  -- the checkpoint that was made of it, and by what the next one names it
  checkpoint integer not null,
  checkpoint_hash bytea,
  -- a checkpoint that was signed and perhaps not yet appended: command id and data
  pending jsonb,
  updated_at timestamptz not null default now()
);

-- Who looked at what, until it stands in the event store. A row is there before the answer goes out.
create table audit.access_pending (
  seq bigint generated always as identity primary key,
  entry jsonb not null,
  -- set when its append begins: the command id, so that one whose outcome is not known is not made twice
  batch uuid,
  recorded_at timestamptz not null default now()
);

-- Verifications asked for over the interface.
create table audit.verification (
  id uuid primary key,
  asked_by text not null,
  asked_at timestamptz not null,
  -- null: everything
  ticket_id uuid,
  state text not null check (state in ('waiting', 'running', 'done', 'failed')),
  done bigint not null default 0,
  total bigint not null default 0,
  report jsonb,
  error text,
  started_at timestamptz,
  finished_at timestamptz,
  -- moved while it runs: a run that stands still was cut off
  seen_at timestamptz not null default now()
);
create index verification_age on audit.verification (asked_at);
