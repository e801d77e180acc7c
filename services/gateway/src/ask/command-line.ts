import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { CodedError, errorCode } from "@docket/service-kit";

interface Verb<T extends ParseArgsOptionsConfig> {
  readonly usage: string;
  readonly options: T;
}

type Values<T extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: T }>>["values"];

/** A mistake in the command line. */
export const misused = (message: string): CodedError => new CodedError("option_invalid", message);

/**
 * Runs a verb: reads its command line, answers `--help`, sets the exit code (0; 1 when it failed; 2 for a mistake in the command
 * line), and tells an error as one line, `docket: code: message`. A reader who has seen enough (a closed pipe) is no error.
 */
export async function runVerb<const T extends ParseArgsOptionsConfig>(
  { usage, options }: Verb<T>,
  main: (values: Values<T>, words: readonly string[]) => Promise<void>,
): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  try {
    const { values, positionals } = read(options);
    if ((values as { help?: boolean }).help === true) process.stdout.write(usage);
    else await main(values as Values<T>, positionals);
  } catch (error) {
    const code = errorCode(error) ?? "internal";
    process.stderr.write(`docket: ${code}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = code.startsWith("option_") ? 2 : 1;
  }
}

function read(options: ParseArgsOptionsConfig) {
  const all = { ...options, help: { type: "boolean", short: "h" } } as const;
  try {
    return parseArgs({ options: all, strict: true, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw new CodedError(code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" ? "option_unknown" : "option_invalid", message);
  }
}
