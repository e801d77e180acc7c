import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { type Clock, passed, refuseBackwards, systemClock, Waiters } from "./clock.ts";
import { CodedError } from "./coded-error.ts";

/** How often a process with waiters looks at the file; the reading costs some 15 microseconds. */
const LOOK_EVERY_MS = 10;

/**
 * A manual clock shared by a whole set of processes: the file holds one ISO instant and is the time.
 *
 * Why a file: every process reads the same instant with no message to be lost or to arrive late at one of them; a process
 * killed with -9 and started again finds the time where the others have it; and a test, a shell or a person can move it.
 * The writer replaces the file in one rename, so a reader sees the old instant or the new one and never half of either.
 *
 * States: idle (nobody waits: no timer) -> looking (some wait: the file is read every few milliseconds) -> idle when the
 * last waiter was woken or gave up. `now()` reads the file in both.
 *
 * Errors: `clock_unreadable` when the file is missing or holds no instant.
 */
export function fileClock(path: string): Clock {
  const waiters = new Waiters();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    if (waiters.size > 0) waiters.wake(readInstant(path).getTime());
    if (waiters.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
  return {
    now: () => readInstant(path),
    async until(at, signal) {
      if (at.getTime() <= readInstant(path).getTime()) return passed(signal);
      const woken = waiters.add(at, signal);
      timer ??= setInterval(look, LOOK_EVERY_MS);
      return woken;
    },
  };
}

/** Moves the file clock to `instant` (creating the file when there is none); `clock_backwards` when that is earlier. */
export function setFileClock(path: string, instant: Date): void {
  const present = readInstantIfAny(path);
  refuseBackwards(present ?? new Date(-8.64e15), instant);
  const fresh = `${path}.${randomUUID()}`;
  writeFileSync(fresh, `${instant.toISOString()}\n`);
  renameSync(fresh, path);
}

/**
 * The clock that the setting DOCKET_CLOCK names: `system` (the default) or `manual:<path of a clock file>`.
 * Errors: `config_invalid` for anything else.
 */
export function clockFromConfig(setting: string | undefined): Clock {
  if (setting === undefined || setting === "" || setting === "system") return systemClock();
  const path = /^manual:(.+)$/u.exec(setting)?.[1];
  if (path === undefined) {
    throw new CodedError("config_invalid", `DOCKET_CLOCK must be "system" or "manual:<path>", not "${setting}"`);
  }
  return fileClock(path);
}

function readInstant(path: string): Date {
  const instant = readInstantIfAny(path);
  if (instant === undefined) throw new CodedError("clock_unreadable", `the clock file ${path} does not exist`);
  return instant;
}

function readInstantIfAny(path: string): Date | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new CodedError("clock_unreadable", `the clock file ${path} cannot be read`, { cause: error });
  }
  const instant = new Date(text.trim());
  if (Number.isNaN(instant.getTime())) {
    throw new CodedError("clock_unreadable", `the clock file ${path} holds no ISO instant`);
  }
  return instant;
}
