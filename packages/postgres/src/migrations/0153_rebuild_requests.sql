-- What an operator asks the projector to do with its read models.
create table engine.rebuild_requests (
  id uuid primary key,
  projections text[] not null,
  asked_by text not null,
  asked_at timestamptz not null default now(),
  state text not null default 'asked' check (state in ('asked', 'running', 'done', 'differs', 'failed')),
  detail text,
  started_at timestamptz,
  finished_at timestamptz
);
create index rebuild_requests_asked on engine.rebuild_requests (asked_at) where state = 'asked';
