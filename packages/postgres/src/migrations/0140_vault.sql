-- The keys of data subjects: primary data that no rebuild touches, and that backups cover apart (docs/privacy.md).

create schema vault;

-- Keys that wrap the keys of subjects, themselves wrapped by a master key that is not in the database.
create table vault.wrapping_key (
  id uuid primary key,
  master_id text not null,
  wrapped bytea not null,
  -- new keys are wrapped by the current one; the others go when all was wrapped anew
  current boolean not null,
  created_at timestamptz not null default now()
);
create unique index wrapping_key_current on vault.wrapping_key (current) where current;

-- The key of the blind index; it outlives every rotation, or nobody would be found again.
create table vault.index_key (
  only_one boolean primary key default true check (only_one),
  wrapping_key uuid not null references vault.wrapping_key (id),
  wrapped bytea not null
);

create table vault.subject (
  subject uuid primary key,
  kind text not null,
  wrapping_key uuid references vault.wrapping_key (id),
  -- null once it was destroyed
  wrapped bytea,
  created_at timestamptz not null default now(),
  erased_at timestamptz,
  -- the erasure's number among all; who has seen a smaller one asks what came after it
  erased_generation bigint,
  check ((wrapped is null) = (erased_at is not null))
);
create index subject_erased on vault.subject (erased_generation) where erased_generation is not null;

-- By what a subject is found again: HMAC of a name (a person's id, a mail address), so that no name stands here.
create table vault.alias (
  alias bytea primary key,
  subject uuid not null references vault.subject (subject)
);
create index alias_subject on vault.alias (subject);

-- Two subjects that turned out to be one and the same person: erased and told of together.
create table vault.same (
  subject uuid not null references vault.subject (subject),
  other uuid not null references vault.subject (subject),
  primary key (subject, other)
);
create index same_other on vault.same (other);

create table vault.state (
  only_one boolean primary key default true check (only_one),
  generation bigint not null
);
insert into vault.state (generation) values (0);

-- Erasures asked for: the keys go in the transaction that makes the row; the rest is done afterwards, and done again after a
-- crash until `done`.
create table vault.erasure (
  erasure_id uuid primary key,
  kind text not null,
  subjects uuid[] not null,
  actor jsonb not null,
  reason text,
  requested_at timestamptz not null,
  step text not null default 'keys_destroyed' check (step in ('keys_destroyed', 'blanked', 'recorded', 'done')),
  streams text[],
  updated_at timestamptz not null default now()
);
create index erasure_unfinished on vault.erasure (requested_at) where step <> 'done';

-- Files, encrypted each by a key of its own, which is kept wrapped by the key of every subject that refers to it. The
-- hash is of the clear bytes and stays their address.
create table files.sealed (
  id uuid primary key,
  sha256 bytea not null check (length(sha256) = 32),
  size bigint not null,
  media_type text not null,
  created_at timestamptz not null default now()
);
create table files.sealed_part (
  id uuid not null references files.sealed (id) on delete cascade,
  part integer not null,
  bytes bytea not null,
  primary key (id, part)
);
alter table files.sealed_part alter column bytes set storage external;
create table files.sealed_key (
  sha256 bytea not null,
  subject uuid not null,
  id uuid not null references files.sealed (id) on delete cascade,
  wrapped bytea not null,
  -- an upload that nothing refers to yet: it goes after some days, or with the erasure of anybody who shares the file
  staged boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (sha256, subject)
);
create index sealed_key_subject on files.sealed_key (subject);
create index sealed_key_file on files.sealed_key (id);
create index sealed_key_staged on files.sealed_key (created_at) where staged;

-- Uploads refer to sealed files now; the name of a file is told by who uses it.
alter table app.uploads drop constraint uploads_sha256_fkey;

-- A mail is kept sealed: under the key of who gets it and of whose ticket it tells. `parties` are both.
alter table app.outbox
  add column parties uuid[] not null default '{}',
  add column sealed bytea;
create index outbox_parties on app.outbox using gin (parties);

-- Answers kept for repetitions tell what the request told; they are sealed under a key that goes with them.
alter table app.idempotency_keys add column sealed bytea;
