-- What each process of Docket last said of itself; one that was killed stays for a day, and is seen to be silent.
create table app.processes (
  instance text primary key,
  name text not null,
  version text not null,
  runtime text not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  memory_bytes bigint not null,
  heap_bytes bigint not null,
  -- share of the time since the last word in which its event loop was busy, 0 to 1
  busy real not null
);

-- The streams that a reactor follows, by the beginnings of their names: without them nobody can say what lies before it.
alter table app.reactor_checkpoints add column prefixes text[] not null default '{}';
