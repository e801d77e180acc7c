import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The addresses of the Docket that runs on a data folder, as settings for a verb that needs them. What is set in the
 * environment stays. Empty when none runs there.
 */
export function addressesOf(dataFolder, env) {
  const running = readRunning(join(dataFolder, "running.json"));
  if (running === undefined) return {};
  const { eventStore, database, public: address } = running.urls;
  const found = {
    EVENTSTORE_URL: eventStore,
    DATABASE_URL: database,
    DOCKET_PUBLIC_URL: address,
    DOCKET_DATA: dataFolder,
  };
  return Object.fromEntries(Object.entries(found).filter(([name, value]) => value && !env[name]));
}

function readRunning(file) {
  try {
    const running = JSON.parse(readFileSync(file, "utf8"));
    process.kill(running.supervisor.pid, 0);
    return running;
  } catch {
    return undefined;
  }
}
