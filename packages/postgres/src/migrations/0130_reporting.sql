-- The public face for BI tools. Its views are made with the read models; here is the room for them and the role that reads them and
-- nothing else. Roles are the whole server's: another database of it may have made this one already, perhaps at this moment. A
-- user who may make no roles goes on without; an administrator makes it then (docs/reporting-sql.md).

create schema reporting;

do $$
begin
  create role docket_reporting nologin;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then raise warning 'the role docket_reporting could not be made: %', sqlerrm;
end $$;

do $$
begin
  if exists (select from pg_roles where rolname = 'docket_reporting') then
    grant usage on schema reporting to docket_reporting;
  end if;
end $$;
