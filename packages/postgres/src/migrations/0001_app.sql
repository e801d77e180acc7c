-- Primary data that is not events: accounts, tokens, the mail outbox, uploaded files, who leads.

create schema app;
create schema files;

create table app.accounts (
  id uuid primary key,
  login text not null,
  password_hash text not null,
  role text not null,
  person_id text,
  organization_id text,
  display_name text not null,
  language text not null default 'ru',
  failed_count integer not null default 0,
  locked_until timestamptz,
  disabled boolean not null default false,
  created_at timestamptz not null default now()
);
create unique index accounts_login on app.accounts (lower(login));

create table app.sessions (
  token_hash bytea primary key,
  account_id uuid not null references app.accounts (id) on delete cascade,
  csrf_token text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_account on app.sessions (account_id);
create index sessions_expiry on app.sessions (expires_at);

create table app.api_tokens (
  token_hash bytea primary key,
  id uuid not null unique,
  name text not null,
  role text not null,
  organization_id text,
  scopes text[] not null default '{}',
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);

-- What was answered to a request that carried an idempotency key; account is the session's account or the token's id.
create table app.idempotency_keys (
  account_id text not null,
  key text not null,
  body_hash bytea not null,
  status integer,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (account_id, key)
);
create index idempotency_keys_age on app.idempotency_keys (created_at);

-- One row per cause and recipient; the id is deterministic, so a second attempt to enqueue changes nothing.
create table app.outbox (
  id uuid primary key,
  kind text not null,
  cause_event_id uuid not null,
  ticket_id text,
  to_address text not null,
  message_id text not null unique,
  subject text not null,
  body_text text not null,
  body_html text,
  headers jsonb not null default '{}',
  status text not null default 'waiting' check (status in ('waiting', 'sending', 'sent', 'failed')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  last_error text,
  created_at timestamptz not null,
  sent_at timestamptz
);
create index outbox_due on app.outbox (next_attempt_at, id) where status in ('waiting', 'sending');
create index outbox_ticket on app.outbox (ticket_id, created_at);

-- How far a reactor has come in $all; moved by compare-and-set with the epoch of its lead.
create table app.reactor_checkpoints (
  name text primary key,
  commit_position bigint not null,
  prepare_position bigint not null,
  epoch bigint not null default 0,
  updated_at timestamptz not null default now()
);

-- Who leads. The epoch only grows; it is the fencing token of everything the leader writes.
create table app.leads (
  name text primary key,
  epoch bigint not null,
  holder text not null,
  backend_pid integer not null,
  acquired_at timestamptz not null,
  expires_at timestamptz not null
);

create table files.blob (
  sha256 bytea primary key check (length(sha256) = 32),
  size bigint not null,
  media_type text not null,
  created_at timestamptz not null default now()
);

-- The bytes, cut so that neither side ever holds a whole large file.
create table files.blob_part (
  sha256 bytea not null references files.blob (sha256) on delete cascade,
  part integer not null,
  bytes bytea not null,
  primary key (sha256, part)
);
alter table files.blob_part alter column bytes set storage external;
