import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

/**
 * The options of a command line, by Node's parser. A mistake ends the process with exit code 2 and the code
 * `option_unknown` (no such option) or `option_invalid` (a value is missing, or a word too many).
 */
export function readOptions<const T extends ParseArgsOptionsConfig>(options: T) {
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const fault = code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" ? "option_unknown" : "option_invalid";
    process.stderr.write(`docket: ${fault}: ${message}\nSee --help.\n`);
    process.exit(2);
  }
}
