-- What-ifs that were asked for: the question, the moment it is pinned to, how far it has come, and the totals. What is said of each
-- ticket is worked out anew when it is read.
create table app.what_if (
  job_id uuid primary key,
  account_id text not null,
  asked jsonb not null,
  as_of timestamptz not null,
  position bigint not null,
  state text not null check (state in ('running', 'done', 'failed', 'cancelled')),
  tickets integer not null default 0,
  total integer not null default 0,
  per_second integer not null default 0,
  totals jsonb,
  error text,
  started_at timestamptz not null,
  finished_at timestamptz,
  -- moves while somebody works on it
  beat_at timestamptz not null default now()
);
create index what_if_started on app.what_if (started_at);
