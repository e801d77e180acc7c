import type { AddressInfo } from "node:net";
import { createLogger } from "@docket/service-kit";
import hoodiecrow from "hoodiecrow-imap";
import { afterEach, describe, expect, it, vi } from "vitest";
import { followMailbox } from "./imap.ts";

const logger = createLogger("imap-test", { level: "silent" });
const stopping: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0).reverse()) await stop();
});

async function mailbox() {
  const server = hoodiecrow({
    plugins: ["IDLE", "UIDPLUS", "LITERALPLUS"],
    storage: { INBOX: {} },
    users: { desk: { password: "secret" } },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = (server.server.address() as AddressInfo).port;
  stopping.push(() => new Promise<void>((resolve) => server.close(resolve)));
  return { server, url: `imap://desk:secret@127.0.0.1:${port}/INBOX` };
}

function follow(url: string, take: (raw: Buffer) => Promise<unknown>) {
  const stop = new AbortController();
  const done = followMailbox({ url, take, logger, signal: stop.signal, pollMs: 50 });
  stopping.push(() => {
    stop.abort();
    return done;
  });
}

const mail = (subject: string) =>
  `From: a@b.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@b.example>\r\n\r\ntext\r\n`;

describe("the followed mailbox", () => {
  it("takes what waits and what comes, each once, and marks it seen", async () => {
    const { server, url } = await mailbox();
    server.appendMessage("INBOX", [], false, mail("one"));
    const taken: string[] = [];
    follow(url, async (raw) => taken.push(/Subject: (\w+)/.exec(raw.toString())?.[1] ?? ""));
    await vi.waitFor(() => expect(taken).toEqual(["one"]), { timeout: 10_000 });
    server.appendMessage("INBOX", [], false, mail("two"));
    await vi.waitFor(() => expect(taken).toEqual(["one", "two"]), { timeout: 10_000 });
    await vi.waitFor(
      () => expect(server.getMailbox("INBOX").messages.every((message) => message.flags.includes("\\Seen"))).toBe(true),
      { timeout: 10_000 },
    );
  });

  it("takes a mail again when keeping it failed", async () => {
    const { server, url } = await mailbox();
    server.appendMessage("INBOX", [], false, mail("again"));
    let tries = 0;
    follow(url, async () => {
      if (++tries === 1) throw new Error("no store");
    });
    await vi.waitFor(() => expect(tries).toBe(2), { timeout: 10_000 });
    await vi.waitFor(() => expect(server.getMailbox("INBOX").messages[0]?.flags).toContain("\\Seen"), {
      timeout: 10_000,
    });
  });
});
