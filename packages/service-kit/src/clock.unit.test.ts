import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { manualClock, systemClock } from "./clock.ts";
import { clockFromConfig, fileClock, setFileClock } from "./file-clock.ts";

const start = new Date("2024-04-26T09:00:00Z");
const later = new Date("2024-05-07T21:00:00Z");

const folders: string[] = [];
function clockFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "docket clock "));
  folders.push(folder);
  return join(folder, "now");
}
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

describe("system clock", () => {
  it("gives the present and waits for a moment to come", async () => {
    const clock = systemClock();
    const at = new Date(Date.now() + 20);
    await clock.until(at);
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(at.getTime());
    await clock.until(new Date(0));
  });

  it("gives up with the signal's reason", async () => {
    const abort = new AbortController();
    const waiting = systemClock().until(new Date(Date.now() + 3_600_000), abort.signal);
    abort.abort(new Error("told to stop"));
    await expect(waiting).rejects.toThrow("told to stop");
    await expect(systemClock().until(new Date(0), abort.signal)).rejects.toThrow("told to stop");
  });
});

describe("manual clock", () => {
  it("wakes exactly those whose moment has come", async () => {
    const clock = manualClock(start);
    const woken: string[] = [];
    const soon = clock.until(new Date(start.getTime() + 1_000)).then(() => woken.push("soon"));
    const atEnd = clock.until(later).then(() => woken.push("end"));
    clock.advanceBy(999);
    await Promise.resolve();
    expect(woken).toEqual([]);
    clock.advanceBy(1);
    await soon;
    expect(woken).toEqual(["soon"]);
    clock.advanceTo(later);
    await atEnd;
    expect(clock.now()).toEqual(later);
  });

  it("refuses to go back", () => {
    const clock = manualClock(later);
    expect(() => clock.advanceTo(start)).toThrow(expect.objectContaining({ code: "clock_backwards" }));
    expect(clock.now()).toEqual(later);
  });

  it("forgets a waiter that gave up", async () => {
    const clock = manualClock(start);
    const abort = new AbortController();
    const waiting = clock.until(later, abort.signal);
    abort.abort(new Error("stop"));
    await expect(waiting).rejects.toThrow("stop");
    clock.advanceTo(later);
  });
});

describe("file clock", () => {
  it("is one time for every reader, and moved by another process", async () => {
    const path = clockFile();
    setFileClock(path, start);
    const [one, other] = [fileClock(path), fileClock(path)];
    const woken = Promise.all([one.until(later), other.until(later)]);
    expect(one.now()).toEqual(start);
    execFileSync(process.execPath, [
      "--input-type=module",
      "-e",
      `import { setFileClock } from ${JSON.stringify(import.meta.resolve("./file-clock.ts"))}
       setFileClock(${JSON.stringify(path)}, new Date(${later.getTime()}))`,
    ]);
    await woken;
    expect(one.now()).toEqual(later);
    expect(other.now()).toEqual(later);
    await one.until(later);
  });

  it("gives up with the signal's reason", async () => {
    const path = clockFile();
    setFileClock(path, start);
    const abort = new AbortController();
    const waiting = fileClock(path).until(later, abort.signal);
    abort.abort(new Error("stop"));
    await expect(waiting).rejects.toThrow("stop");
  });

  it("refuses to go back, a missing file and a file without an instant", () => {
    const path = clockFile();
    expect(() => fileClock(path).now()).toThrow(expect.objectContaining({ code: "clock_unreadable" }));
    setFileClock(path, later);
    expect(() => setFileClock(path, start)).toThrow(expect.objectContaining({ code: "clock_backwards" }));
    writeFileSync(path, "half past nine");
    expect(() => fileClock(path).now()).toThrow(expect.objectContaining({ code: "clock_unreadable" }));
  });

  it("is named by DOCKET_CLOCK", () => {
    const path = clockFile();
    setFileClock(path, start);
    expect(clockFromConfig(`manual:${path}`).now()).toEqual(start);
    expect(Math.abs(clockFromConfig(undefined).now().getTime() - Date.now())).toBeLessThan(1_000);
    expect(() => clockFromConfig("sundial")).toThrow(expect.objectContaining({ code: "config_invalid" }));
  });
});
