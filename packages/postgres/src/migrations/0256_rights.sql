-- Every change of what an account or a token may, until it stands in the event store. A trigger writes it in the transaction of the
-- change itself, whoever makes it and by whatever way; nothing of it is a secret or a name of a person.

create table audit.rights_pending (
  seq bigint generated always as identity primary key,
  -- the command id of its append, so that one whose outcome is not known is not made twice
  id uuid not null unique default gen_random_uuid(),
  fact text not null,
  data jsonb not null,
  -- by whom and when, as the setting docket.by of the transaction says: actor id, role, channel, time
  said jsonb
);

create function audit.note_rights(fact text, data jsonb) returns void language sql as $$
  insert into audit.rights_pending (fact, data, said)
  values (fact, data, nullif(current_setting('docket.by', true), '')::jsonb)
$$;

create function audit.account_rights(a app.accounts) returns jsonb language sql immutable as $$
  select jsonb_build_object('accountId', a.id, 'role', a.role, 'organizationId', a.organization_id,
    'personId', case when a.role = 'requester' then a.person_id end,
    'staffId', case when a.role <> 'requester' then a.person_id end)
$$;

create function audit.instant_text(at timestamptz) returns text language sql immutable as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

create function audit.token_rights(t app.api_tokens) returns jsonb language sql immutable as $$
  select jsonb_build_object('tokenId', t.id, 'name', t.name, 'role', t.role, 'organizationId', t.organization_id,
    'scopes', to_jsonb(t.scopes), 'expiresAt', audit.instant_text(t.expires_at))
$$;

create function audit.note_account() returns trigger language plpgsql as $$
declare
  only_id jsonb := jsonb_build_object('accountId', new.id);
begin
  if tg_op = 'INSERT' then
    perform audit.note_rights('AccountOpened', audit.account_rights(new) || '{"since": null}');
    if new.disabled then perform audit.note_rights('AccountClosed', only_id); end if;
    return null;
  end if;
  if audit.account_rights(new) is distinct from audit.account_rights(old) then
    perform audit.note_rights('AccountRightsChanged', audit.account_rights(new));
  end if;
  if new.login is distinct from old.login or new.display_name is distinct from old.display_name then
    perform audit.note_rights('AccountRenamed', only_id);
  end if;
  if new.password_hash is distinct from old.password_hash and new.password_hash <> '' then
    perform audit.note_rights('AccountPasswordSet', only_id);
  end if;
  if new.disabled and not old.disabled then perform audit.note_rights('AccountClosed', only_id); end if;
  if old.disabled and not new.disabled then perform audit.note_rights('AccountReopened', only_id); end if;
  return null;
end $$;

create function audit.note_account_gone() returns trigger language plpgsql as $$
begin
  if not old.disabled then perform audit.note_rights('AccountClosed', jsonb_build_object('accountId', old.id)); end if;
  return null;
end $$;

create function audit.note_token() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.revoked_at is null then perform audit.note_rights('TokenRevoked', jsonb_build_object('tokenId', old.id)); end if;
    return null;
  end if;
  if tg_op = 'INSERT' or (old.revoked_at is not null and new.revoked_at is null) then
    perform audit.note_rights('TokenIssued', audit.token_rights(new) || '{"since": null}');
  elsif audit.token_rights(new) is distinct from audit.token_rights(old) then
    perform audit.note_rights('TokenRightsChanged', audit.token_rights(new));
  end if;
  if new.revoked_at is not null and (tg_op = 'INSERT' or old.revoked_at is null) then
    perform audit.note_rights('TokenRevoked', jsonb_build_object('tokenId', new.id));
  end if;
  return null;
end $$;

-- What is there already is recorded as found, with the time at which it was really begun.
insert into audit.rights_pending (fact, data)
  select fact, data from (
    select created_at as at, 0 as part, 'AccountOpened' as fact,
        audit.account_rights(a) || jsonb_build_object('since', audit.instant_text(created_at)) as data from app.accounts a
    union all
    select created_at, 1, 'AccountClosed', jsonb_build_object('accountId', id) from app.accounts where disabled
    union all
    select created_at, 0, 'TokenIssued', audit.token_rights(t) || jsonb_build_object('since', audit.instant_text(created_at))
      from app.api_tokens t
    union all
    select created_at, 1, 'TokenRevoked', jsonb_build_object('tokenId', id) from app.api_tokens where revoked_at is not null
  ) found order by at, part;

create trigger account_rights after insert or update on app.accounts for each row execute function audit.note_account();
create trigger account_gone after delete on app.accounts for each row execute function audit.note_account_gone();
create trigger token_rights after insert or update or delete on app.api_tokens for each row execute function audit.note_token();
