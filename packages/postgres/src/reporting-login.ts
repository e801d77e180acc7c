import { Client } from "pg";
import { connectionConfig } from "./db.ts";
import { PostgresError } from "./errors.ts";

/** Who may read the schema `reporting`. */
export type ReportingLogin = { readonly login: string; readonly password: string };

const role = "docket_reporting";

/**
 * Lets a login read the schema `reporting` and nothing else: makes it, or gives it the password. It only reads, a minute at most
 * for one statement. A session may set read-write for itself; what everybody may write in Postgres (temporary tables, large objects) is
 * therefore taken from everybody where Docket's user owns the database or Postgres. Safe to repeat. Errors: `postgres_reporting_login` when the name is not plain, belongs to a role that can do more, or when
 * the user of `url` may make no roles.
 */
export async function ensureReportingLogin(url: string, { login, password }: ReportingLogin): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(login) || login === role)
    throw new PostgresError("postgres_reporting_login", `not a name for the reporting login: ${login}`);
  const client = new Client(connectionConfig(url, { name: "docket reporting login" }));
  await client.connect();
  try {
    await client.query("begin");
    // one at a time: two services may start together
    await client.query("select pg_advisory_xact_lock(4032018)");
    const { rows } = await client.query<{ ours: boolean }>(
      `select not rolsuper and not rolcreaterole and not rolcreatedb and not rolbypassrls
         and not exists (select from pg_auth_members m where m.member = r.oid and m.roleid <> to_regrole('${role}')) as ours
       from pg_roles r where rolname = $1`,
      [login],
    );
    if (rows[0]?.ours === false)
      throw new PostgresError("postgres_reporting_login", `${login} exists and may do more than read reports`);
    if (!rows[0]) await client.query(`create role ${login} login`);
    await client.query(`alter role ${login} login password ${client.escapeLiteral(password)}`);
    await client.query(`alter role ${login} set default_transaction_read_only = on`);
    await client.query(`alter role ${login} set statement_timeout = '60s'`);
    await client.query(`alter role ${login} set search_path = reporting`);
    await client.query(`grant ${role} to ${login}`);
    await closeWhatIsOpen(client);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    if (error instanceof PostgresError) throw error;
    throw new PostgresError("postgres_reporting_login", `the login ${login} could not be made: ${String(error)}`);
  } finally {
    await client.end();
  }
}

/** Functions by which anybody could write without a table. */
const largeObjects = [
  "lo_creat(integer)",
  "lo_create(oid)",
  "lo_from_bytea(oid, bytea)",
  "lo_put(oid, bigint, bytea)",
  "lo_open(oid, integer)",
  "lowrite(integer, bytea)",
  "lo_truncate(integer, integer)",
  "lo_truncate64(integer, bigint)",
  "lo_unlink(oid)",
];

async function closeWhatIsOpen(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string; owned: boolean; super: boolean }>(
    `select quote_ident(datname) as name, datdba = (select oid from pg_roles where rolname = current_user) as owned,
       (select rolsuper from pg_roles where rolname = current_user) as super
     from pg_database where datname = current_database()`,
  );
  const [here] = rows;
  if (here?.owned === true) await client.query(`revoke temporary on database ${here.name} from public`);
  if (here?.super === true)
    for (const name of largeObjects) await client.query(`revoke execute on function pg_catalog.${name} from public`);
}
