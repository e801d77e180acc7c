-- What the gateway keeps: who uploaded which file, and how often a login was tried in vain.

-- Knowing a file's hash gives no right to its bytes: only who uploaded it may put it into a ticket or contact.
create table app.uploads (
  account_id text not null,
  sha256 bytea not null references files.blob (sha256) on delete cascade,
  name text not null,
  size bigint not null,
  media_type text not null,
  uploaded_at timestamptz not null,
  primary key (account_id, sha256)
);

-- By hash of the name, known or unknown alike, so that neither an answer nor this table tells who has an account.
create table app.login_attempts (
  login_hash bytea primary key,
  failures integer not null,
  locked_until timestamptz,
  last_at timestamptz not null
);
create index login_attempts_age on app.login_attempts (last_at);

alter table app.accounts drop column failed_count, drop column locked_until;
