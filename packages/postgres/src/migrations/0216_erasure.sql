-- What an erasure is gone on from: the accounts that were the person's, and (until it is done) by what he was found, so that whoever
-- asks for the same erasure again is led to the one that is under way.
alter table vault.erasure
  add column accounts uuid[] not null default '{}',
  add column owners text[] not null default '{}',
  add column aliases bytea[] not null default '{}';
