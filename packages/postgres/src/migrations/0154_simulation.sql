-- Whether the simulated traffic of a trial installation runs, and how fast; no row: as it was started.
create table app.simulation (
  one boolean primary key default true check (one),
  running boolean not null,
  speed double precision not null check (speed > 0),
  changed_at timestamptz not null default now()
);
