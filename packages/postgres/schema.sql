create table app.accounts (
  id uuid not null,
  login text not null,
  password_hash text not null,
  role text not null,
  person_id text,
  organization_id text,
  display_name text not null,
  language text not null default 'ru'::text,
  disabled boolean not null default false,
  created_at timestamp with time zone not null default now(),
  constraint accounts_pkey PRIMARY KEY (id)
);

create table app.api_tokens (
  token_hash bytea not null,
  id uuid not null,
  name text not null,
  role text not null,
  organization_id text,
  scopes text[] not null default '{}'::text[],
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_tokens_id_key UNIQUE (id),
  constraint api_tokens_pkey PRIMARY KEY (token_hash)
);

create table app.bulk_items (
  job_id uuid not null,
  place integer not null,
  ticket_id uuid not null,
  number text,
  body jsonb,
  outcome text not null default 'waiting'::text,
  code text,
  params jsonb,
  revision integer,
  before jsonb,
  constraint bulk_items_job_id_fkey FOREIGN KEY (job_id) REFERENCES app.bulk_jobs(id) ON DELETE CASCADE,
  constraint bulk_items_outcome_check CHECK ((outcome = ANY (ARRAY['waiting'::text, 'done'::text, 'refused'::text]))),
  constraint bulk_items_pkey PRIMARY KEY (job_id, place)
);

create table app.bulk_jobs (
  id uuid not null,
  account_id text not null,
  caller jsonb not null,
  command text not null,
  body jsonb not null,
  state text not null,
  total integer not null,
  undo_of uuid,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  worker text,
  leased_until timestamp with time zone,
  constraint bulk_jobs_pkey PRIMARY KEY (id),
  constraint bulk_jobs_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'stopped'::text]))),
  constraint bulk_jobs_undo_of_fkey FOREIGN KEY (undo_of) REFERENCES app.bulk_jobs(id)
);

create table app.idempotency_keys (
  account_id text not null,
  key text not null,
  body_hash bytea not null,
  status integer,
  response jsonb,
  created_at timestamp with time zone not null default now(),
  sealed bytea,
  constraint idempotency_keys_pkey PRIMARY KEY (account_id, key)
);

create table app.leads (
  name text not null,
  epoch bigint not null,
  holder text not null,
  backend_pid integer not null,
  acquired_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint leads_pkey PRIMARY KEY (name)
);

create table app.login_attempts (
  login_hash bytea not null,
  failures integer not null,
  locked_until timestamp with time zone,
  last_at timestamp with time zone not null,
  constraint login_attempts_pkey PRIMARY KEY (login_hash)
);

create table app.notification_marks (
  account_id text not null,
  up_to bigint not null,
  constraint notification_marks_pkey PRIMARY KEY (account_id)
);

create table app.notifications_read (
  account_id text not null,
  notification_id uuid not null,
  "position" bigint not null,
  constraint notifications_read_pkey PRIMARY KEY (account_id, notification_id)
);

create table app.outbox (
  id uuid not null,
  kind text not null,
  cause_event_id uuid not null,
  ticket_id text,
  to_address text not null,
  message_id text not null,
  subject text not null,
  body_text text not null,
  body_html text,
  headers jsonb not null default '{}'::jsonb,
  status text not null default 'waiting'::text,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone not null,
  last_error text,
  created_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  seq bigint not null,
  parties uuid[] not null default '{}'::uuid[],
  sealed bytea,
  constraint outbox_message_id_key UNIQUE (message_id),
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'kept'::text])))
);

create table app.preferences (
  account_id text not null,
  data jsonb not null,
  revision integer not null default 0,
  updated_at timestamp with time zone not null,
  constraint preferences_pkey PRIMARY KEY (account_id)
);

create table app.processes (
  instance text not null,
  name text not null,
  version text not null,
  runtime text not null,
  started_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  memory_bytes bigint not null,
  heap_bytes bigint not null,
  busy real not null,
  constraint processes_pkey PRIMARY KEY (instance)
);

create table app.reactor_checkpoints (
  name text not null,
  commit_position bigint not null,
  prepare_position bigint not null,
  epoch bigint not null default 0,
  updated_at timestamp with time zone not null default now(),
  prefixes text[] not null default '{}'::text[],
  constraint reactor_checkpoints_pkey PRIMARY KEY (name)
);

create table app.reactor_parked (
  reactor text not null,
  stream text not null,
  revision integer not null,
  commit_position bigint not null,
  prepare_position bigint not null,
  event_id uuid not null,
  type text not null,
  cause text,
  parked_at timestamp with time zone not null default now(),
  constraint reactor_parked_pkey PRIMARY KEY (reactor, stream, revision)
);

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
  changed_at timestamp with time zone not null,
  constraint reply_templates_pkey PRIMARY KEY (id, revision)
);

create table app.saved_screens (
  id uuid not null,
  account_id text not null,
  area text not null,
  name text not null,
  search jsonb not null,
  shared boolean not null default false,
  updated_at timestamp with time zone not null,
  constraint saved_screens_account_id_area_name_key UNIQUE (account_id, area, name),
  constraint saved_screens_pkey PRIMARY KEY (id)
);

create table app.saved_views (
  id uuid not null,
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
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint saved_views_pkey PRIMARY KEY (id)
);

create table app.seen_marks (
  account_id text not null,
  ticket_id uuid not null,
  revision integer not null,
  seen_at timestamp with time zone not null,
  constraint seen_marks_pkey PRIMARY KEY (account_id, ticket_id)
);

create table app.sessions (
  token_hash bytea not null,
  account_id uuid not null,
  csrf_token text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES app.accounts(id) ON DELETE CASCADE,
  constraint sessions_pkey PRIMARY KEY (token_hash)
);

create table app.simulation (
  one boolean not null default true,
  running boolean not null,
  speed double precision not null,
  changed_at timestamp with time zone not null default now(),
  constraint simulation_one_check CHECK (one),
  constraint simulation_pkey PRIMARY KEY (one),
  constraint simulation_speed_check CHECK ((speed > (0)::double precision))
);

create table app.uploads (
  account_id text not null,
  sha256 bytea not null,
  name text not null,
  size bigint not null,
  media_type text not null,
  uploaded_at timestamp with time zone not null,
  constraint uploads_pkey PRIMARY KEY (account_id, sha256)
);

create table app.watched_tickets (
  account_id text not null,
  ticket_id uuid not null,
  since timestamp with time zone not null,
  constraint watched_tickets_pkey PRIMARY KEY (account_id, ticket_id)
);

create table app.what_if (
  job_id uuid not null,
  account_id text not null,
  asked jsonb not null,
  as_of timestamp with time zone not null,
  "position" bigint not null,
  state text not null,
  tickets integer not null default 0,
  total integer not null default 0,
  per_second integer not null default 0,
  totals jsonb,
  error text,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  beat_at timestamp with time zone not null default now(),
  constraint what_if_pkey PRIMARY KEY (job_id),
  constraint what_if_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);

create table audit.access_pending (
  seq bigint not null,
  entry jsonb not null,
  batch uuid,
  recorded_at timestamp with time zone not null default now(),
  constraint access_pending_pkey PRIMARY KEY (seq)
);

create table audit.chain_head (
  leaf bigint not null,
  stream text not null,
  revision integer not null,
  hash bytea not null,
  "position" bigint not null,
  constraint chain_head_hash_check CHECK ((length(hash) = 32)),
  constraint chain_head_pkey PRIMARY KEY (leaf),
  constraint chain_head_stream_key UNIQUE (stream)
);

create table audit.rights_pending (
  seq bigint not null,
  id uuid not null default gen_random_uuid(),
  fact text not null,
  data jsonb not null,
  said jsonb,
  constraint rights_pending_id_key UNIQUE (id),
  constraint rights_pending_pkey PRIMARY KEY (seq)
);

create table audit.tree (
  only_one boolean not null default true,
  leaves bigint not null,
  commit_position bigint not null,
  prepare_position bigint not null,
  checkpoint integer not null,
  checkpoint_hash bytea,
  pending jsonb,
  updated_at timestamp with time zone not null default now(),
  constraint tree_only_one_check CHECK (only_one),
  constraint tree_pkey PRIMARY KEY (only_one)
);

create table audit.tree_node (
  level smallint not null,
  place bigint not null,
  hash bytea not null,
  constraint tree_node_hash_check CHECK ((length(hash) = 32)),
  constraint tree_node_pkey PRIMARY KEY (level, place)
);

create table audit.verification (
  id uuid not null,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  ticket_id uuid,
  state text not null,
  done bigint not null default 0,
  total bigint not null default 0,
  report jsonb,
  error text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  seen_at timestamp with time zone not null default now(),
  phase text not null default 'log'::text,
  stop_asked boolean not null default false,
  constraint verification_phase_check CHECK ((phase = ANY (ARRAY['log'::text, 'read_models'::text]))),
  constraint verification_pkey PRIMARY KEY (id),
  constraint verification_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'stopped'::text, 'failed'::text])))
);

create table engine.checkpoints (
  name text not null,
  commit_position bigint not null,
  prepare_position bigint not null,
  epoch bigint not null default 0,
  layout bigint not null default 0,
  updated_at timestamp with time zone not null default now(),
  constraint checkpoints_pkey PRIMARY KEY (name)
);

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
  cause text,
  parked_at timestamp with time zone not null default now(),
  release_asked_at timestamp with time zone,
  constraint parked_pkey PRIMARY KEY (projection, generation, stream, revision)
);

create table engine.projections (
  name text not null,
  version integer not null,
  generation integer not null,
  schema_name text not null,
  switched_at timestamp with time zone not null default now(),
  constraint projections_pkey PRIMARY KEY (name)
);

create table engine.rebuild_requests (
  id uuid not null,
  projections text[] not null,
  asked_by text not null,
  asked_at timestamp with time zone not null default now(),
  state text not null default 'asked'::text,
  detail text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  constraint rebuild_requests_pkey PRIMARY KEY (id),
  constraint rebuild_requests_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'running'::text, 'done'::text, 'differs'::text, 'failed'::text])))
);

create table engine.rebuilds (
  id bigint not null,
  projection text not null,
  version integer not null,
  generation integer not null,
  schema_name text not null,
  state text not null,
  commit_position bigint not null default 0,
  prepare_position bigint not null default 0,
  target_position bigint not null default 0,
  events_done bigint not null default 0,
  rows_written bigint not null default 0,
  comparison jsonb,
  error text,
  started_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint rebuilds_pkey PRIMARY KEY (id),
  constraint rebuilds_projection_generation_key UNIQUE (projection, generation),
  constraint rebuilds_state_check CHECK ((state = ANY (ARRAY['prepared'::text, 'running'::text, 'built'::text, 'compared'::text, 'switched'::text, 'aborted'::text, 'failed'::text])))
);

create table engine.status (
  instance text not null,
  state text not null,
  commit_position bigint not null default 0,
  stuck_because text,
  stuck_on jsonb,
  updated_at timestamp with time zone not null default now(),
  constraint status_pkey PRIMARY KEY (instance)
);

create table files.blob (
  sha256 bytea not null,
  size bigint not null,
  media_type text not null,
  created_at timestamp with time zone not null default now(),
  constraint blob_pkey PRIMARY KEY (sha256),
  constraint blob_sha256_check CHECK ((length(sha256) = 32))
);

create table files.blob_part (
  sha256 bytea not null,
  part integer not null,
  bytes bytea not null,
  constraint blob_part_pkey PRIMARY KEY (sha256, part),
  constraint blob_part_sha256_fkey FOREIGN KEY (sha256) REFERENCES files.blob(sha256) ON DELETE CASCADE
);

create table files.sealed (
  id uuid not null,
  sha256 bytea not null,
  size bigint not null,
  media_type text not null,
  created_at timestamp with time zone not null default now(),
  constraint sealed_pkey PRIMARY KEY (id),
  constraint sealed_sha256_check CHECK ((length(sha256) = 32))
);

create table files.sealed_key (
  sha256 bytea not null,
  subject uuid not null,
  id uuid not null,
  wrapped bytea not null,
  staged boolean not null default false,
  created_at timestamp with time zone not null default now(),
  constraint sealed_key_id_fkey FOREIGN KEY (id) REFERENCES files.sealed(id) ON DELETE CASCADE,
  constraint sealed_key_pkey PRIMARY KEY (sha256, subject)
);

create table files.sealed_part (
  id uuid not null,
  part integer not null,
  bytes bytea not null,
  constraint sealed_part_id_fkey FOREIGN KEY (id) REFERENCES files.sealed(id) ON DELETE CASCADE,
  constraint sealed_part_pkey PRIMARY KEY (id, part)
);

create table vault.alias (
  alias bytea not null,
  subject uuid not null,
  constraint alias_pkey PRIMARY KEY (alias),
  constraint alias_subject_fkey FOREIGN KEY (subject) REFERENCES vault.subject(subject)
);

create table vault.erasure (
  erasure_id uuid not null,
  kind text not null,
  subjects uuid[] not null,
  actor jsonb not null,
  reason text,
  requested_at timestamp with time zone not null,
  step text not null default 'keys_destroyed'::text,
  streams text[],
  updated_at timestamp with time zone not null default now(),
  accounts uuid[] not null default '{}'::uuid[],
  owners text[] not null default '{}'::text[],
  aliases bytea[] not null default '{}'::bytea[],
  constraint erasure_pkey PRIMARY KEY (erasure_id),
  constraint erasure_step_check CHECK ((step = ANY (ARRAY['keys_destroyed'::text, 'blanked'::text, 'recorded'::text, 'done'::text])))
);

create table vault.index_key (
  only_one boolean not null default true,
  wrapping_key uuid not null,
  wrapped bytea not null,
  constraint index_key_only_one_check CHECK (only_one),
  constraint index_key_pkey PRIMARY KEY (only_one),
  constraint index_key_wrapping_key_fkey FOREIGN KEY (wrapping_key) REFERENCES vault.wrapping_key(id)
);

create table vault.same (
  subject uuid not null,
  other uuid not null,
  constraint same_other_fkey FOREIGN KEY (other) REFERENCES vault.subject(subject),
  constraint same_pkey PRIMARY KEY (subject, other),
  constraint same_subject_fkey FOREIGN KEY (subject) REFERENCES vault.subject(subject)
);

create table vault.state (
  only_one boolean not null default true,
  generation bigint not null,
  constraint state_only_one_check CHECK (only_one),
  constraint state_pkey PRIMARY KEY (only_one)
);

create table vault.subject (
  subject uuid not null,
  kind text not null,
  wrapping_key uuid,
  wrapped bytea,
  created_at timestamp with time zone not null default now(),
  erased_at timestamp with time zone,
  erased_generation bigint,
  constraint subject_check CHECK (((wrapped IS NULL) = (erased_at IS NOT NULL))),
  constraint subject_pkey PRIMARY KEY (subject),
  constraint subject_wrapping_key_fkey FOREIGN KEY (wrapping_key) REFERENCES vault.wrapping_key(id)
);

create table vault.wrapping_key (
  id uuid not null,
  master_id text not null,
  wrapped bytea not null,
  current boolean not null,
  created_at timestamp with time zone not null default now(),
  constraint wrapping_key_pkey PRIMARY KEY (id)
);

CREATE UNIQUE INDEX accounts_login ON app.accounts USING btree (lower(login));
CREATE INDEX bulk_items_waiting ON app.bulk_items USING btree (job_id, place) WHERE (outcome = 'waiting'::text);
CREATE INDEX bulk_jobs_account ON app.bulk_jobs USING btree (account_id, created_at);
CREATE INDEX bulk_jobs_running ON app.bulk_jobs USING btree (leased_until) WHERE (state = 'running'::text);
CREATE INDEX idempotency_keys_age ON app.idempotency_keys USING btree (created_at);
CREATE INDEX login_attempts_age ON app.login_attempts USING btree (last_at);
CREATE INDEX outbox_due ON app.outbox USING btree (seq) WHERE (status = ANY (ARRAY['waiting'::text, 'sending'::text]));
CREATE INDEX outbox_failed ON app.outbox USING btree (created_at) WHERE (status = 'failed'::text);
CREATE INDEX outbox_parties ON app.outbox USING gin (parties);
CREATE INDEX outbox_ticket ON app.outbox USING btree (ticket_id, created_at);
CREATE INDEX saved_screens_shared ON app.saved_screens USING btree (area) WHERE shared;
CREATE INDEX saved_views_owner ON app.saved_views USING btree (account_id);
CREATE INDEX saved_views_shared ON app.saved_views USING btree (name) WHERE shared;
CREATE INDEX sessions_account ON app.sessions USING btree (account_id);
CREATE INDEX sessions_expiry ON app.sessions USING btree (expires_at);
CREATE INDEX watched_tickets_ticket ON app.watched_tickets USING btree (ticket_id);
CREATE INDEX what_if_started ON app.what_if USING btree (started_at);
CREATE INDEX verification_age ON audit.verification USING btree (asked_at);
CREATE INDEX verification_ticket ON audit.verification USING btree (ticket_id, asked_at) WHERE (state = 'done'::text);
CREATE INDEX rebuild_requests_asked ON engine.rebuild_requests USING btree (asked_at) WHERE (state = 'asked'::text);
CREATE INDEX sealed_key_file ON files.sealed_key USING btree (id);
CREATE INDEX sealed_key_staged ON files.sealed_key USING btree (created_at) WHERE staged;
CREATE INDEX sealed_key_subject ON files.sealed_key USING btree (subject);
CREATE INDEX alias_subject ON vault.alias USING btree (subject);
CREATE INDEX erasure_unfinished ON vault.erasure USING btree (requested_at) WHERE (step <> 'done'::text);
CREATE INDEX same_other ON vault.same USING btree (other);
CREATE INDEX subject_erased ON vault.subject USING btree (erased_generation) WHERE (erased_generation IS NOT NULL);
CREATE UNIQUE INDEX wrapping_key_current ON vault.wrapping_key USING btree (current) WHERE current;
