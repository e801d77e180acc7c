import { createLogger } from "@docket/service-kit";
import nodemailer from "nodemailer";
import { afterEach, describe, expect, it } from "vitest";
import { maxMailBytes, startSmtp } from "./smtp.ts";

const logger = createLogger("mailroom-test", { level: "silent" });
const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function mailroom(take: (raw: Buffer, from: string) => Promise<unknown>) {
  const server = await startSmtp({ host: "127.0.0.1", port: 0, addresses: ["support@docket.example"], take, logger });
  running.push(server);
  const transport = nodemailer.createTransport({
    host: "127.0.0.1",
    port: server.port,
    secure: false,
    ignoreTLS: true,
  });
  return (to: string, raw: string | Buffer, from = "a@b.example") =>
    transport.sendMail({ envelope: { from, to }, raw }).then(
      (info) => info.response.slice(0, 3),
      (error: { responseCode?: number }) => String(error.responseCode),
    );
}

describe("the mailroom's door", () => {
  it("answers 250 only after the mail is kept, byte for byte", async () => {
    let keep: (() => void) | undefined;
    const kept = new Promise<void>((resolve) => (keep = resolve));
    let seen: Buffer | undefined;
    const send = await mailroom(async (raw) => {
      seen = raw;
      await kept;
    });
    let answered = false;
    const answer = send("support@docket.example", "Subject: x\r\n\r\nтекст\r\n").finally(() => (answered = true));
    while (seen === undefined) await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    keep?.();
    expect(await answer).toBe("250");
    expect(seen?.toString()).toBe("Subject: x\r\n\r\nтекст\r\n");
  });

  it("answers 451 when the mail could not be kept, so that the sender tries again", async () => {
    const send = await mailroom(() => Promise.reject(new Error("no store")));
    expect(await send("support@docket.example", "Subject: x\r\n\r\nx\r\n")).toBe("451");
  });

  it("takes its own addresses, also with a token, and no others", async () => {
    const send = await mailroom(async () => undefined);
    expect(await send("Support+abc123@docket.example", "x: y\r\n\r\nx\r\n")).toBe("250");
    expect(await send("someone@else.example", "x: y\r\n\r\nx\r\n")).toBe("550");
  });

  it("tells the null path of a bounce", async () => {
    let from: string | undefined;
    const send = await mailroom(async (_raw, sender) => (from = sender));
    await send("support@docket.example", "x: y\r\n\r\nx\r\n", "");
    expect(from).toBe("");
  });

  it("refuses what is larger than a mail may be, and stays of use", async () => {
    const send = await mailroom(async () => undefined);
    expect(await send("support@docket.example", Buffer.alloc(maxMailBytes + 1024, "a\r\n"))).toBe("552");
    expect(await send("support@docket.example", "x: y\r\n\r\nx\r\n")).toBe("250");
  });
});
