import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Tables of the store. `events` is the log: the key is the position, so a scan of `$all` reads the file in order;
 * `frame` is what a read sends. Names are stored once, as bytes (a name may hold a NUL), and events refer to them by number.
 */
const SCHEMA = `
  create table if not exists streams (id integer primary key, name blob not null unique);
  create table if not exists types (id integer primary key, name blob not null unique);
  create table if not exists events (
    position integer primary key,
    stream integer not null,
    revision integer not null,
    type integer not null,
    created integer not null,
    frame blob not null
  );
  create unique index if not exists events_by_stream on events (stream, revision);
  create table if not exists node (key text primary key, value text not null);
`;

/** Version of the tables; a folder written by a newer node is refused. */
const SCHEMA_VERSION = 1;

export const DATABASE_FILE = "events.db";
const CACHE_KIB = 8_192;

/** A data folder cannot be used; `code` is stable (snake_case). */
export class DataFolderError extends Error {
  readonly code: "data_folder_locked" | "data_folder_unusable" | "data_folder_newer";
  constructor(code: DataFolderError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export type Database = { db: DatabaseSync; path: string | undefined; release: () => void };

/**
 * Opens the database of a data folder (made when missing), or one in memory when `dataDir` is undefined.
 * Every commit is on disk when it returns: WAL with synchronous FULL. Checkpoints are the checkpointer's work.
 * Throws DataFolderError when another node holds the folder or it cannot be used.
 */
export function openDatabase(dataDir: string | undefined): Database {
  if (dataDir === undefined) {
    const db = new DatabaseSync(":memory:");
    createTables(db);
    return { db, path: undefined, release: () => {} };
  }
  try {
    makeFolder(resolve(dataDir));
  } catch (error) {
    throw new DataFolderError("data_folder_unusable", `Data folder ${dataDir} cannot be made: ${messageOf(error)}`);
  }
  const release = lockFolder(dataDir);
  try {
    const path = join(dataDir, DATABASE_FILE);
    const db = new DatabaseSync(path, { timeout: 5000 });
    db.exec("pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 0;");
    // Where fsync does not reach the medium (macOS), the stronger call is used.
    db.exec("pragma fullfsync = on; pragma checkpoint_fullfsync = on;");
    db.exec(`pragma cache_size = -${CACHE_KIB}; pragma journal_size_limit = 67108864;`);
    createTables(db);
    return { db, path, release };
  } catch (error) {
    release();
    if (error instanceof DataFolderError) throw error;
    throw new DataFolderError("data_folder_unusable", `Data folder ${dataDir} cannot be opened: ${messageOf(error)}`);
  }
}

/** Makes a folder and everything above it that is missing; the new entries are on disk when it returns. */
function makeFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined || process.platform === "win32") return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    try {
      const parent = openSync(dirname(made), "r");
      fsyncSync(parent);
      closeSync(parent);
    } catch {
      // A folder that may be entered but not opened: its entry reaches the disk in the system's own time.
    }
  }
}

function createTables(db: DatabaseSync): void {
  const version = Number(db.prepare("pragma user_version").get()?.["user_version"] ?? 0);
  if (version > SCHEMA_VERSION) {
    throw new DataFolderError(
      "data_folder_newer",
      `The data folder was written by a newer version (${version} > ${SCHEMA_VERSION}).`,
    );
  }
  db.exec(SCHEMA);
  db.exec(`pragma user_version = ${SCHEMA_VERSION}`);
}

/**
 * Keeps other nodes out of a folder: an open exclusive transaction on a database of its own. The operating system
 * drops the lock with the process, however it ends, so no stale lock can remain.
 */
function lockFolder(dataDir: string): () => void {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(dataDir, "node.lock"));
    lock.exec("pragma busy_timeout = 0; pragma locking_mode = exclusive; begin exclusive;");
    const held = lock;
    return () => held.close();
  } catch (error) {
    lock?.close();
    if (/locked|busy/i.test(messageOf(error))) {
      throw new DataFolderError("data_folder_locked", `Data folder ${dataDir} is in use by another running node.`);
    }
    throw new DataFolderError("data_folder_unusable", `Data folder ${dataDir} cannot be locked: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
