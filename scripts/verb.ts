import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

// No import but Node's own: what a verb says first must not wait for libraries to load.

interface Verb<T extends ParseArgsOptionsConfig> {
  /** What `--help` prints. */
  readonly usage: string;
  readonly options?: T;
  /** Words beside the options that are wanted; none by default. */
  readonly words?: { readonly min: number; readonly max: number };
}

type Values<T extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: T }>>["values"];

/**
 * Runs a verb of `scripts/docket`: reads its command line, answers `--help`, and sets the exit code to what `main` gives
 * (nothing: 0). An error is one line on standard error, `docket: code: message`, and exit code 1, or 2 for a mistake in the
 * command line (`option_unknown`, `option_invalid`, a key or a mapping that is none).
 */
export async function runVerb<const T extends ParseArgsOptionsConfig>(
  verb: Verb<T>,
  main: (values: Values<T>, words: readonly string[]) => Promise<number | void>,
): Promise<void> {
  // The reader has had enough (`| head`): that is no fault of the verb.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
  try {
    const { values, positionals } = readCommandLine(verb);
    if ((values as { help?: boolean }).help) {
      process.stdout.write(verb.usage);
      return;
    }
    const { min, max } = verb.words ?? { min: 0, max: 0 };
    if (positionals.length < min || positionals.length > max) throw fault("option_invalid", "see --help");
    process.exitCode = (await main(values, positionals)) ?? 0;
  } catch (error) {
    const { code = "internal", message = String(error) } = (error ?? {}) as { code?: unknown; message?: string };
    process.stderr.write(`docket: ${String(code)}: ${message}\n`);
    process.exitCode = /^(option_|(mapping|public_key)_invalid$)/.test(String(code)) ? 2 : 1;
  }
}

function readCommandLine<T extends ParseArgsOptionsConfig>(
  verb: Verb<T>,
): { values: Values<T>; positionals: string[] } {
  const options = { ...verb.options, help: { type: "boolean", short: "h" } } as const;
  try {
    return parseArgs({ options, strict: true, allowPositionals: verb.words !== undefined }) as never;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw fault(code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" ? "option_unknown" : "option_invalid", message);
  }
}

/** A mistake in the command line. */
function fault(code: "option_unknown" | "option_invalid", message: string): Error {
  return Object.assign(new Error(message), { code });
}
