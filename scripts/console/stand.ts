import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { type MailSink, startMailSink } from "../acceptance/post.ts";
import { offeredLogins } from "../demo/offered-logins.ts";
import { programFile } from "../stack/program.ts";
import { startStack, type Stack } from "../stack/stack.ts";
import { openBrowser } from "./browser.ts";
import { person, type Person, type PersonOptions } from "./person.ts";

/** The whole of Docket with demo data and a browser in front of it, shared by all scenes of a run. */
export interface Stand {
  readonly stack: Stack;
  readonly browser: Browser;
  /** where mails go to */
  readonly mails: MailSink;
  person(login: string | null, options?: Omit<PersonOptions, "url" | "login">): Promise<Person>;
  close(): Promise<void>;
}

/** Starts real processes in a folder of their own, loads the demo data through the front door, opens the browser. */
export async function openStand(): Promise<Stand> {
  const folder = await mkdtemp(join(tmpdir(), "docket-console-"));
  const mails = await startMailSink();
  const stack = await startStack({
    dataDir: folder,
    ports: { http: 0, smtp: 0 },
    console: true,
    env: {
      DOCKET_DEMO_LOGINS: JSON.stringify(offeredLogins()),
      GATEWAY_LOGINS_PER_MINUTE: "1000",
      SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
    },
  });
  const close = async (): Promise<void> => {
    await browser?.close();
    await stack.stop();
    await mails.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  let browser: Browser | undefined;
  try {
    const demo = spawn(process.execPath, [programFile({ file: "scripts/demo/main.ts" })], {
      env: stack.env(),
      stdio: "ignore",
    });
    const loaded = once(demo, "exit");
    browser = await openBrowser();
    const [code] = (await loaded) as [number | null];
    if (code !== 0) throw new Error(`the demo data could not be loaded (exit code ${String(code)})`);
  } catch (error) {
    await close();
    throw error;
  }
  const open = browser;
  return {
    stack,
    browser: open,
    mails,
    person: (login, options = {}) => person(open, { url: stack.urls.public, login, ...options }),
    close,
  };
}
