import { spawnSync } from "node:child_process";
import { chown, stat } from "node:fs/promises";
import { join } from "node:path";
import { PostgresError } from "./errors.ts";

/** How a Postgres program is started: directly, or as another account when we are root. */
export type RunAs = {
  /** The other account, when we are root: files meant for the server must belong to it. */
  readonly account?: Account;
  /** What `spawn` is given to switch the account, when the command line does not do it. */
  readonly ids: { readonly uid?: number; readonly gid?: number };
  /** Puts what is needed around a command line. */
  readonly command: (program: string, args: readonly string[]) => readonly [string, readonly string[]];
};

type Account = { readonly uid: number; readonly gid: number; readonly name: string };

const bare: RunAs["command"] = (program, args) => [program, args];

function idOf(flag: string, name: string): number | undefined {
  const out = spawnSync("id", [flag, name], { encoding: "utf8" });
  const id = out.status === 0 ? Number.parseInt(out.stdout, 10) : Number.NaN;
  return Number.isInteger(id) ? id : undefined;
}

function accountOf(name: string): Account | undefined {
  const uid = idOf("-u", name);
  const gid = idOf("-g", name);
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid, name };
}

/** Postgres refuses to run as root, so root borrows the account `postgres`: found, made, or `nobody` where none can be made. */
function findAccount(): Account {
  const found = accountOf("postgres");
  if (found) return found;
  spawnSync("groupadd", ["--system", "postgres"]);
  spawnSync("useradd", ["--system", "--gid", "postgres", "--no-create-home", "--shell", "/bin/false", "postgres"]);
  const made = accountOf("postgres") ?? accountOf("nobody");
  if (made) return made;
  throw new PostgresError("postgres_start_failed", "root needs an account `postgres` to run the database as");
}

/**
 * Decides how to run Postgres here. As an ordinary user: as oneself. As root: as another account; when that account
 * cannot walk to the programs or the data (a clone under a 0700 folder such as /root), Postgres gets the one capability that lets
 * it pass closed folders (CAP_DAC_READ_SEARCH); writing elsewhere stays denied.
 *
 * @param program a binary that must be startable
 * @param dataDir an existing folder that must be enterable; becomes the account's own
 */
export async function decideRunAs(program: string, dataDir: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { ids: {}, command: bare };
  // A cluster that exists is run as whoever owns it (an ordinary user may have made it); Postgres insists on that.
  const cluster = await stat(join(dataDir, "PG_VERSION")).catch(() => undefined);
  const account =
    cluster && cluster.uid !== 0 ? { uid: cluster.uid, gid: cluster.gid, name: `uid ${cluster.uid}` } : findAccount();
  if (cluster?.uid === 0) spawnSync("chown", ["-R", `${account.uid}:${account.gid}`, dataDir]);
  else await chown(dataDir, account.uid, account.gid);
  const { uid, gid } = account;
  // cwd "/" so that the check does not depend on where we were started
  const check = spawnSync("/bin/sh", ["-c", 'test -x "$1" && cd "$2"', "sh", program, dataDir], { uid, gid, cwd: "/" });
  const ids = ["--reuid", String(uid), "--regid", String(gid), "--clear-groups"];
  if (check.status === 0) return { account, ids: { uid, gid }, command: bare };
  // Postgres looks for its own programs with access(2), which ignores an account's capabilities unless this bit is set.
  const seen = ["--securebits", "+no_setuid_fixup"];
  const caps = [...ids, "--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search", ...seen];
  const capable = spawnSync("setpriv", [...caps, program, "--version"], { cwd: "/" });
  if (capable.status === 0) return { account, ids: {}, command: (prog, args) => ["setpriv", [...caps, prog, ...args]] };
  throw new PostgresError(
    "postgres_path_unreachable",
    `root runs Postgres as ${account.name}, who cannot reach ${dataDir} or ${program}: move the folder or open its parents (chmod o+x)`,
  );
}
