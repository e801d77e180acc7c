import { pino } from "pino";

export type Logger = pino.Logger;

export interface LoggerOptions {
  /** pino level name (default LOG_LEVEL, else info). */
  readonly level?: string;
  /** Where lines go (default standard error; standard output belongs to a command's result). */
  readonly destination?: pino.DestinationStream;
}

/**
 * Names whose values never reach a log, at whatever depth they occur. Matched on the finished line, so that bindings of
 * child loggers, errors with fields and JSON quoted within a text (its quotes escaped) are all covered by one rule.
 */
const SECRET_NAME = String.raw`[\w.-]*(?:password|passwd|secret|authorization|cookie|token|(?:api|support|private)[_-]?key)`;
const SECRET_FIELD = new RegExp(String.raw`("${SECRET_NAME}"\s*:\s*)(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[-\d.]+)`, "giu");
const QUOTED_SECRET_FIELD = new RegExp(
  String.raw`(\\"${SECRET_NAME}\\"\s*:\s*)(?:\\"(?:[^"\\]|\\\\(?:\\.|[^"\\])|\\[^"\\])*\\"|\[[^\]]*\]|[-\d.]+)`,
  "giu",
);
const URL_CREDENTIALS = /(\w:\/\/)[^\s/@:"\\]*:[^\s/@"\\]*@/gu;

/**
 * A pino logger named after its service or part. Lines are JSON with ISO time; secrets and the credentials within URLs
 * are replaced by `[redacted]`. Lines are written at once, so that the last words before a crash are there.
 */
export function createLogger(name: string, options: LoggerOptions = {}): Logger {
  return pino(
    {
      name,
      level: options.level ?? process.env["LOG_LEVEL"] ?? "info",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      base: { pid: process.pid },
      hooks: { streamWrite: redact },
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
}

/** The line with every secret taken out. */
function redact(line: string): string {
  return line
    .replace(SECRET_FIELD, '$1"[redacted]"')
    .replace(QUOTED_SECRET_FIELD, String.raw`$1\"[redacted]\"`)
    .replace(URL_CREDENTIALS, "$1[redacted]@");
}
