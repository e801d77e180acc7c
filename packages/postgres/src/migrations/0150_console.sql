-- What people set up for themselves: saved views, preferences, what they have seen; reply templates; who follows which ticket; bulk jobs.
-- `account_id` is an account's id or a token's.

create table app.saved_views (
  id uuid primary key,
  account_id text not null,
  account_name text not null,
  name text not null,
  queue text not null,
  filter jsonb not null,
  q text,
  sort text,
  columns jsonb,
  shared boolean not null default false,
  revision integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index saved_views_owner on app.saved_views (account_id);
create index saved_views_shared on app.saved_views (name) where shared;

create table app.preferences (
  account_id text primary key,
  data jsonb not null,
  revision integer not null default 0,
  updated_at timestamptz not null
);

-- The revision at which somebody last looked at a ticket.
create table app.seen_marks (
  account_id text not null,
  ticket_id uuid not null,
  revision integer not null,
  seen_at timestamptz not null,
  primary key (account_id, ticket_id)
);

-- Every version of every template; the last one holds.
create table app.reply_templates (
  id uuid not null,
  revision integer not null,
  name text not null,
  language text not null,
  kind text not null,
  body text not null,
  active boolean not null,
  changed_by text not null,
  changed_by_name text not null,
  changed_at timestamptz not null,
  primary key (id, revision)
);

create table app.watched_tickets (
  account_id text not null,
  ticket_id uuid not null,
  name text not null,
  since timestamptz not null,
  primary key (account_id, ticket_id)
);
create index watched_tickets_ticket on app.watched_tickets (ticket_id);

-- Notifications that were read: all up to a position, and some beyond it one by one.
create table app.notification_marks (
  account_id text primary key,
  up_to bigint not null
);
create table app.notifications_read (
  account_id text not null,
  notification_id uuid not null,
  position bigint not null,
  primary key (account_id, notification_id)
);

create table app.bulk_jobs (
  id uuid primary key,
  account_id text not null,
  -- who asked, as he then was: his right to each ticket is looked at again when its turn comes
  caller jsonb not null,
  command text not null,
  body jsonb not null,
  state text not null check (state in ('running', 'done', 'stopped')),
  total integer not null,
  undo_of uuid references app.bulk_jobs (id),
  created_at timestamptz not null,
  finished_at timestamptz,
  -- which gateway works on it, and until when the others leave it alone
  worker text,
  leased_until timestamptz
);
create index bulk_jobs_account on app.bulk_jobs (account_id, created_at);
create index bulk_jobs_running on app.bulk_jobs (leased_until) where state = 'running';

create table app.bulk_items (
  job_id uuid not null references app.bulk_jobs (id) on delete cascade,
  place integer not null,
  ticket_id uuid not null,
  number text,
  -- of a job that takes another back: the command and body for this ticket
  body jsonb,
  outcome text not null default 'waiting' check (outcome in ('waiting', 'done', 'refused')),
  code text,
  params jsonb,
  revision integer,
  -- what stood before, for taking it back
  before jsonb,
  primary key (job_id, place)
);
create index bulk_items_waiting on app.bulk_items (job_id, place) where outcome = 'waiting';
