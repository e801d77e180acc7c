import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFileClock } from "@docket/service-kit";
import { loadDemoWorld } from "../demo/demo.ts";
import { startStack, type Stack } from "../stack/stack.ts";
import { startMailSink, type MailSink } from "./post.ts";

/** The same processes as `npm start`, on empty folders, with one clock that stands still until it is moved. */
export interface TestStage {
  readonly stack: Stack;
  readonly sink: MailSink;
  readonly supportAddress: string;
  readonly setClock: (instant: string) => void;
  readonly close: () => Promise<void>;
}

const supportAddress = "support@docket.example";

export async function openStage(startsAt: string): Promise<TestStage> {
  const folder = await mkdtemp(join(tmpdir(), "docket-acceptance-"));
  const clockFile = join(folder, "clock");
  setFileClock(clockFile, new Date(startsAt));
  const sink = await startMailSink();
  const stack = await startStack({
    dataDir: join(folder, "data"),
    ports: { http: 0, smtp: 0, eventStore: 0, postgres: 0 },
    clock: `manual:${clockFile}`,
    env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, DOCKET_SUPPORT_ADDRESS: supportAddress, LOG_LEVEL: "warn" },
  });
  await loadDemoWorld({ urls: stack.urls, supportAddress, say: () => undefined });
  return {
    stack,
    sink,
    supportAddress,
    setClock: (instant) => setFileClock(clockFile, new Date(instant)),
    close: async () => {
      await stack.stop();
      await sink.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
