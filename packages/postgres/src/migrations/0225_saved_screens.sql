-- Dashboards, reports and searches under a name: the words of a screen's address. `account_id` is an account's id or a token's.
create table app.saved_screens (
  id uuid primary key,
  account_id text not null,
  area text not null,
  name text not null,
  search jsonb not null,
  shared boolean not null default false,
  updated_at timestamptz not null,
  unique (account_id, area, name)
);
create index saved_screens_shared on app.saved_screens (area) where shared;
