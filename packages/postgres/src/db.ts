import { Kysely, PostgresDialect } from "kysely";
import { type ClientConfig, type CustomTypesConfig, Pool, types } from "pg";
import type { AppTables } from "./app-tables.ts";
import type { ReadModels } from "./read-models.ts";

/** All tables a service may name in a typed query, by qualified name. */
export type Database = AppTables & ReadModels;

export type Db = Kysely<Database>;

export type PoolOptions = {
  /** Most connections at a time; default 10. */
  readonly max?: number;
  /** Shown in pg_stat_activity. */
  readonly name?: string;
  /** Cancels a statement that runs longer, in ms; default none. */
  readonly statementTimeout?: number;
  /** Told of errors of idle connections (the pool replaces them by itself). */
  readonly onError?: (error: Error) => void;
};

/** How values arrive: `bigint` as decimal text (so do counts), `date` as its text (a day has no zone), `timestamptz` as Date, `json` parsed. */
const typeParsers: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === types.builtins.DATE && format !== "binary" ? (text: string) => text : types.getTypeParser(oid, format),
};

/** The settings of every connection of ours, for a pool or a single client. */
export function connectionConfig(url: string, options: PoolOptions = {}): ClientConfig {
  return {
    connectionString: url,
    types: typeParsers,
    application_name: options.name ?? "docket",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    ...(options.statementTimeout ? { statement_timeout: options.statementTimeout } : {}),
    // A plan made for an empty table must not be kept for a full one.
    options: "-c plan_cache_mode=force_custom_plan -c timezone=UTC",
  };
}

/** A pool of connections to `url` (`postgres://user:password@host:port/database`). The caller ends it. */
export function createPool(url: string, options: PoolOptions = {}): Pool {
  const pool = new Pool({ ...connectionConfig(url, options), max: options.max ?? 10, idleTimeoutMillis: 30_000 });
  pool.on("error", (error) => options.onError?.(error));
  // A connection that breaks while it is lent out tells so by an event; unheard, it would end the process.
  pool.on("connect", (client) => client.on("error", (error) => options.onError?.(error)));
  return pool;
}

/**
 * Typed queries over a pool.
 * @param source an address (a pool is made; `destroy()` ends it) or a pool (which `destroy()` ends too)
 * @example const db = openDb(url); await db.selectFrom("app.accounts").selectAll().execute(); await db.destroy()
 */
export function openDb(source: string | Pool, options: PoolOptions = {}): Db {
  const pool = typeof source === "string" ? createPool(source, options) : source;
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
