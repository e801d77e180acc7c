import { closeSync, openSync, rmSync, statSync, utimesSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { tell } from "./faults.mjs";

const TOUCH_EVERY_MS = 1_000;
const STALE_AFTER_MS = 10_000;

/**
 * Runs `work` while holding a lock file, so that two installs into one folder take turns. The holder touches the file
 * every second; one that was killed stops touching, and after ten seconds the next takes over.
 */
export async function withInstallLock(path, work) {
  for (let told = false; !take(path);) {
    if (!told) tell("another Docket is installing in this folder; waiting for it ...");
    told = true;
    if (isStale(path)) rmSync(path, { force: true });
    else await delay(200);
  }
  const touching = setInterval(() => utimesSync(path, new Date(), new Date()), TOUCH_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    rmSync(path, { force: true });
  }
}

function take(path) {
  try {
    closeSync(openSync(path, "wx"));
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function isStale(path) {
  try {
    return Date.now() - statSync(path).mtimeMs > STALE_AFTER_MS;
  } catch {
    return false;
  }
}
