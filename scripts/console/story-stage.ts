import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { directoryCommands } from "@docket/domain";
import { setFileClock } from "@docket/service-kit";
import { loginAs } from "../acceptance/api.ts";
import { loadAccounts } from "../demo/accounts.ts";
import { loadWorld } from "../demo/load-world.ts";
import { demoPassword } from "../demo/world.ts";
import { startStack, type Stack } from "../stack/stack.ts";

/** Real processes whose clock stands still until it is moved; customers and staff of the demo, no tickets. */
export interface StoryStage {
  readonly stack: Stack;
  /** moves the one clock of all processes forward; gives what it shows then */
  pass(time: { readonly minutes?: number; readonly days?: number }): Date;
  now(): Date;
  close(): Promise<void>;
}

/** How far behind the browser's clock it begins, so that all but the last of the story has been when the browser asks for a past moment. */
const behindMs = 8 * 3_600_000;

export async function openStoryStage(): Promise<StoryStage> {
  const folder = await mkdtemp(join(tmpdir(), "docket-story-"));
  const clockFile = join(folder, "clock");
  let now = new Date(Date.now() - behindMs);
  setFileClock(clockFile, now);
  const stack = await startStack({
    dataDir: join(folder, "data"),
    ports: { http: 0, smtp: 0 },
    console: true,
    clock: `manual:${clockFile}`,
    // People stay signed in while two weeks pass.
    env: { GATEWAY_LOGINS_PER_MINUTE: "1000", GATEWAY_SESSION_HOURS: "700", LOG_LEVEL: "warn" },
  });
  const close = async (): Promise<void> => {
    await stack.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await loadAccounts(stack.urls.database);
    const admin = await loginAs(() => stack.urls.public, "admin", demoPassword);
    const keys = Object.entries(directoryCommands);
    await loadWorld(admin, (type) => keys.find(([, definition]) => definition.type === type)?.[0] ?? type);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    stack,
    now: () => now,
    pass({ minutes = 0, days = 0 }) {
      now = new Date(now.getTime() + minutes * 60_000 + days * 86_400_000);
      setFileClock(clockFile, now);
      return now;
    },
    close,
  };
}
