import { buildConsole } from "./build-console.ts";
import { consoleFolder } from "./fingerprint.ts";

/**
 * `node services/console/build/main.ts [--out DIR]`: builds the console unless it is built already and prints its folder. A parent
 * process is told the folder before the build begins.
 */
const out = process.argv.indexOf("--out");
process.send?.({ folder: consoleFolder() });
const say = (line: string): void => {
  if (process.send === undefined) process.stderr.write(`${line}\n`);
  else process.send({ say: line });
};
const folder = await buildConsole({ say, ...(out > 0 ? { out: process.argv[out + 1] ?? "" } : {}) });
process.stdout.write(`${folder}\n`);
if (process.connected) process.disconnect();
