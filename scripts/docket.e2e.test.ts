import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "./checks/run-tool.ts";
import { verbs } from "./launcher/verbs.mjs";

async function docket(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(root, "scripts/docket"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => void (out += String(chunk)));
  child.stderr.on("data", (chunk) => void (err += String(chunk)));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

const present = Object.entries(verbs).filter(([, { file }]) => existsSync(join(root, file)));

// In a checkout that pnpm installed by hand the launcher looks once more at the packages, and says so.
beforeAll(() => docket("test", "--help"));

describe("scripts/docket", () => {
  it("lists its verbs", async () => {
    const { code, out, err } = await docket("--help");
    expect([code, err]).toEqual([0, ""]);
    for (const [verb, { summary }] of Object.entries(verbs)) expect(out).toContain(`${verb.padEnd(12)} ${summary}`);
    expect(await docket()).toEqual({ code: 0, out, err: "" });
  });

  it.each(present)("explains the verb %s, on standard output alone", async (verb) => {
    const { code, out, err } = await docket(verb, "--help");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("--help");
    expect(out).toContain(verb);
  });

  it("answers a verb that it does not know with a code and the list", async () => {
    const { code, out, err } = await docket("toString");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain('docket: verb_unknown: there is no verb "toString"');
    expect(err).toContain("npm start");
  });

  it("passes the verb's exit code on", async () => {
    expect((await docket("migrate", "--downwards")).code).toBe(2);
  });
});
