// The way in: node scripts/bootstrap.mjs VERB [ARGUMENT...], also as scripts/docket VERB.
// Needs Node >= 18 and npm only; gets the rest, then runs the verb's TypeScript under Node 24. Standard output, exit code
// and signals are the verb's own.
import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { addressesOf } from "./launcher/addresses.mjs";
import { Fault, tell } from "./launcher/faults.mjs";
import { ensureInstalled } from "./launcher/install.mjs";
import { verbs } from "./launcher/verbs.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const usage = `scripts/docket [--data DIR] VERB [--help] [ARGUMENT...]

${Object.entries(verbs)
  .map(([verb, { summary }]) => `  ${verb.padEnd(12)} ${summary}`)
  .join("\n")}

scripts/docket VERB --help tells a verb's own options. Verbs that need a running Docket find the one that works on
DIR (default .docket), unless EVENTSTORE_URL and DATABASE_URL name the stores.
`;

export async function main(args) {
  try {
    const [data, words] = args[0] === "--data" ? [args[1] ?? "", args.slice(2)] : [process.env.DOCKET_DATA, args];
    const [verb, ...rest] = words[0] === "help" ? [words[1] ?? "--help", "--help"] : words;
    if (verb === undefined || verb === "--help" || verb === "-h") {
      process.stdout.write(usage);
      return;
    }
    const found = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (found === undefined) throw new Fault("verb_unknown", `there is no verb "${verb}"`, usage);
    const file = join(root, ...found.file.split("/"));
    if (!existsSync(file))
      throw new Fault("verb_missing", `${verb} is not part of this version`, `It would be ${found.file}.`);
    const node = await ensureInstalled(root);
    // `start` names its folder itself; given before the verb it must not be passed over in silence.
    const own = verb === "start" && args[0] === "--data" ? ["--data", data, ...rest] : rest;
    run(node, [file, ...own], found.stores ? addressesOf(resolve(data || ".docket"), process.env) : {});
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    tell(`${error.code}: ${error.message}${error.advice ? `\n${error.advice}` : ""}`);
    process.exitCode = error.code === "verb_unknown" ? 2 : 1;
  }
}

function run(node, args, addresses) {
  const env = { ...process.env, ...addresses, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` };
  // Compiled code is kept between runs; a folder that cannot be written just means a slower start.
  env.NODE_COMPILE_CACHE ??= join(root, ".tools", "compile-cache");
  // Where Node can, this process becomes the verb; nothing of the launcher stays behind.
  if (process.execve) process.execve(node, [node, ...args], env);
  // The channel closes when this process goes, in whatever way; a verb that stays (start, eventstore) stops then.
  const child = spawn(node, args, { env, stdio: ["inherit", "inherit", "inherit", "ipc"] });
  // After Ctrl-C at a terminal the verb hears the signal twice (from the terminal and from here) and takes it as one.
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    tell(`node_failed: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    for (const each of signals) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2));
}
