import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../../test/house.ts";
import { registered } from "../../../test/tickets.ts";

const source = [
  "From: Anna <anna@romashka.example>",
  "To: support@docket.example",
  "Subject: <b>Printer</b>",
  "Content-Type: text/html; charset=utf-8",
  "",
  "<p>Blank pages</p><script>alert(1)</script><img src='https://shop.example/pixel.gif'>",
].join("\r\n");

let house: House;
let contactId: string;
let position: string;
beforeAll(async () => {
  house = await openHouse();
  const bytes = Buffer.from(source);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const size = bytes.length;
  const { pool } = house.database;
  await pool.query(
    "insert into files.blob (sha256, size, media_type) values (decode($1, 'hex'), $2, 'message/rfc822')",
    [sha256, size],
  );
  await pool.query("insert into files.blob_part (sha256, part, bytes) values (decode($1, 'hex'), 0, $2)", [
    sha256,
    bytes,
  ]);
  contactId = randomUUID();
  position = await house.send({
    type: "ReceiveContact",
    data: {
      contactId,
      channel: "email",
      receivedAt: house.clock.now().toISOString(),
      subject: "<b>Printer</b>",
      text: "Blank pages",
      claims: {
        organization: null,
        supportKey: null,
        contractNumber: null,
        personName: null,
        email: "anna@romashka.example",
        otherEmail: null,
        phone: null,
      },
      wish: { type: null, priority: null },
      product: null,
      productVersion: null,
      stepsToReproduce: null,
      region: null,
      attachments: [],
      raw: { sha256, size, mediaType: "message/rfc822" },
      mail: {
        messageId: "<1@romashka.example>",
        inReplyTo: [],
        from: "anna@romashka.example",
        to: ["support@docket.example"],
        sentAt: null,
        automatic: false,
      },
      aboutTicketId: null,
      authenticatedPersonId: null,
    } as never,
  });
});
afterAll(() => house.close());
const at = async (login: string, path: string) =>
  (await house.as(login)).get(path, { headers: { "docket-wait-position": position } });

describe("a contact's e-mail", () => {
  it("is shown with its headers, harmless, without telling anybody that it was looked at", async () => {
    const { body } = await at("olga", `/v1/contacts/${contactId}/mail`);
    expect(body).toMatchObject({
      from: { name: "Anna", address: "anna@romashka.example" },
      subject: "<b>Printer</b>",
      remoteImages: 1,
      attachments: [],
    });
    expect(body.html).not.toMatch(/script|shop/);
    expect((await at("olga", `/v1/contacts/${contactId}/mail?images=remote`)).body.html).toContain(
      "https://shop.example/pixel.gif",
    );
  });

  it("comes as a page that can do nothing, for frames of our own only", async () => {
    const frame = await at("olga", `/v1/contacts/${contactId}/mail/frame`);
    expect(frame.headers["content-type"]).toBe("text/html; charset=utf-8");
    const policy = frame.headers["content-security-policy"]!;
    for (const part of ["default-src 'none'", "img-src data:;", "frame-ancestors 'self'", "sandbox allow-popups"])
      expect(policy).toContain(part);
    expect(policy).not.toContain("script-src");
    expect(frame.headers["x-frame-options"]).toBe("SAMEORIGIN");
    expect(frame.raw.toString()).toContain("<title>&lt;b&gt;Printer&lt;/b&gt;</title>");
    expect(frame.raw.toString()).not.toMatch(/<script|shop\.example/);
    const open = await at("olga", `/v1/contacts/${contactId}/mail/frame?images=remote`);
    expect(open.headers["content-security-policy"]).toContain("img-src data: https:");
  });

  it("is not for customers, not there for other channels, and refuses odd wishes", async () => {
    expect((await at("anna", `/v1/contacts/${contactId}/mail`)).body.code).toBe("forbidden");
    expect((await at("anna", `/v1/contacts/${contactId}/mail/frame`)).body.code).toBe("forbidden");
    const portal = await registered(house);
    position = portal.position;
    expect((await at("olga", `/v1/contacts/${portal.contactId}/mail`)).body.code).toBe("not_found");
    expect((await at("olga", `/v1/contacts/${randomUUID()}/mail`)).body.code).toBe("contact_not_found");
    expect((await at("olga", `/v1/contacts/${contactId}/mail?images=all`)).body).toMatchObject({ field: "images" });
  });
});
