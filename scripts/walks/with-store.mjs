// with-store.mjs FOLDER COMMAND...: runs an event store on a folder, and the command with its address; ends with the command's exit code.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [, , folder, command, ...args] = process.argv;
const main = join(dirname(fileURLToPath(import.meta.url)), "../../packages/embedded-eventstore/src/main.ts");
const store = spawn(process.execPath, [main, "--port", "0", "--data", folder], {
  stdio: ["ignore", "pipe", "inherit"],
});
let said = "";
while (!/ready port=\d+/.test(said)) said += (await once(store.stdout, "data"))[0];
const env = { ...process.env, EVENTSTORE_URL: `esdb://127.0.0.1:${/port=(\d+)/.exec(said)[1]}?tls=false` };
const run = spawn(command, args, { stdio: "inherit", env });
const [code] = await once(run, "exit");
store.kill("SIGTERM");
await once(store, "exit");
process.exitCode = code;
