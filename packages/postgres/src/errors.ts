/** Codes of what can go wrong with the database itself; `docs/errors.md` lists them. */
export type PostgresErrorCode =
  | "postgres_platform_unsupported"
  | "postgres_binaries_missing"
  | "postgres_data_in_use"
  | "postgres_path_unreachable"
  | "postgres_start_failed"
  | "postgres_init_failed"
  | "postgres_migration_changed"
  | "postgres_migration_unknown"
  | "postgres_lead_lost"
  | "postgres_checkpoint_moved"
  | "postgres_layout_unknown"
  | "postgres_rebuild_running"
  | "postgres_rebuild_unknown"
  | "postgres_reporting_login";

/** An error with a stable code; `cause` holds what lay beneath. */
export class PostgresError extends Error {
  readonly code: PostgresErrorCode;

  constructor(code: PostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PostgresError";
    this.code = code;
  }
}

/**
 * SQLSTATEs after which the same transaction may be tried again, and why.
 * A code that stands here means: the server did not keep anything of the transaction, or the connection broke and the
 * caller's work is idempotent (all of ours is: checkpoints move by compare-and-set, effects carry deterministic ids).
 */
export const retryableCodes: Readonly<Record<string, string>> = {
  "08000": "connection exception",
  "08001": "the client could not connect",
  "08003": "the connection does not exist",
  "08004": "the server rejected the connection",
  "08006": "the connection failed",
  "08007": "outcome of the transaction unknown",
  "25006": "read-only transaction: a standby answered during a switch-over",
  "40001": "serialization failure",
  "40P01": "deadlock",
  "53000": "insufficient resources",
  "53100": "disk full: an operator may free space",
  "53200": "out of memory",
  "53300": "too many connections",
  "55006": "object in use",
  "55P03": "a lock was not available in time",
  "57014": "the statement was cancelled by its timeout",
  "57P01": "the administrator shut the server down",
  "57P02": "the server crashed and is recovering",
  "57P03": "the server starts up or shuts down",
  "57P05": "the idle session timed out",
  "58000": "system error beneath the server",
  "58030": "input/output error beneath the server",
};

const retryableSystemCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
]);

// What the pg driver throws as a bare Error when the socket goes away; it gives these no code.
const driverTexts: readonly string[] = [
  "Connection terminated",
  "Client has encountered a connection error and is not queryable",
  "Client was closed and is not queryable",
  "timeout exceeded when trying to connect",
  "timeout expired",
];

/**
 * Says whether trying again later can help: the server is away, restarting, overloaded, or lost a race.
 * Takes anything that was thrown; looks through `cause` and `AggregateError`.
 */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === "string" && (code in retryableCodes || retryableSystemCodes.has(code))) return true;
  if (driverTexts.some((text) => error.message.startsWith(text))) return true;
  if (error instanceof AggregateError) return error.errors.some(isRetryable);
  return error.cause !== undefined && isRetryable(error.cause);
}
