import { afterAll, beforeAll, expect, it } from "vitest";
import { limits } from "@docket/domain";
import { openHouse, type House } from "../../test/house.ts";
import { registered } from "../../test/tickets.ts";
import type { Session } from "../../test/session.ts";

let house: House;
let anna: Session;
beforeAll(async () => {
  house = await openHouse();
  anna = await house.as("anna");
});
afterAll(() => house.close());

const raw = (name: string, content: Buffer | string) =>
  anna.post(`/v1/attachments?name=${encodeURIComponent(name)}`, undefined, {
    raw: content,
    headers: { "content-type": "application/octet-stream" },
  });

function form(name: string, content: Buffer): { raw: Buffer; headers: Record<string, string> } {
  const head = `--cut\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/x-msdownload\r\n\r\n`;
  return {
    raw: Buffer.concat([Buffer.from(head), content, Buffer.from("\r\n--cut--\r\n")]),
    headers: { "content-type": "multipart/form-data; boundary=cut" },
  };
}
const stored = async (): Promise<number> =>
  Number((await house.database.pool.query("select count(*) as n from files.sealed")).rows[0].n);

it("a file goes in by form or as it is, and comes out by way of its ticket with headers that make it harmless", async () => {
  const content = Buffer.from("<html><script>alert(1)</script>");
  const uploaded = await anna.post("/v1/attachments", undefined, form("C:\\fakepath\\страница.html", content));
  expect(uploaded).toMatchObject({ status: 201, body: { name: "страница.html", size: content.length } });
  expect((await raw("другое имя.html", content)).body.sha256).toBe(uploaded.body.sha256);
  const { ticketId, position } = await registered(house, {
    attachments: [{ ...uploaded.body, mediaType: "image/png", size: 1 }],
  });
  await anna.get("/v1/me", { headers: { "docket-wait-position": position } });
  const { body } = await anna.get(`/v1/tickets/${ticketId}`);
  expect(body.details.attachments).toEqual([uploaded.body]);
  const path = `/v1/tickets/${ticketId}/attachments/${uploaded.body.sha256}`;
  const served = await anna.get(path);
  expect(served.raw).toEqual(content);
  expect(served.headers).toMatchObject({
    "content-type": "text/plain",
    "content-disposition": `attachment; filename="________.html"; filename*=UTF-8''${encodeURIComponent("страница.html")}`,
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, no-cache",
  });
  expect((await anna.get(path, { headers: { "if-none-match": served.headers["etag"] as string } })).status).toBe(304);
  expect((await anna.get(`/v1/tickets/${ticketId}/attachments/${"0".repeat(64)}`)).body.code).toBe("not_found");
});

it("30 MB are refused by either way, and nothing is kept", async () => {
  const before = await stored();
  const large = Buffer.alloc(30 * 1024 * 1024, 7);
  for (const answer of [
    await raw("large.bin", large),
    await anna.post("/v1/attachments", undefined, form("large.bin", large)),
  ])
    expect(answer).toMatchObject({
      status: 413,
      body: { code: "attachment_too_large", limit: limits.attachmentBytes },
    });
  expect(await stored()).toBe(before);
}, 60_000);

it("exactly the limit is taken, one byte more is not, whatever the sender says of its length", async () => {
  const before = await stored();
  const exact = Buffer.alloc(limits.attachmentBytes, 3);
  expect((await raw("exact.bin", exact)).body.size).toBe(limits.attachmentBytes);
  expect((await raw("over.bin", Buffer.concat([exact, Buffer.from("x")]))).body.code).toBe("attachment_too_large");
  expect(
    (await anna.post("/v1/attachments", undefined, form("over.bin", Buffer.concat([exact, Buffer.from("x")])))).body
      .code,
  ).toBe("attachment_too_large");
  expect(await stored()).toBe(before + 1);
}, 60_000);

it("a disguised executable, a script, a bad name, nothing at all: each is refused by its code", async () => {
  const before = await stored();
  expect(
    (await anna.post("/v1/attachments", undefined, form("photo.jpg", Buffer.from("MZ\x90\0 this program")))).body,
  ).toMatchObject({ code: "attachment_type_refused", found: "exe" });
  expect((await raw("notes.txt", "#!/bin/sh\n")).body).toMatchObject({
    code: "attachment_type_refused",
    found: "script",
  });
  expect((await raw("photo\u202egpj.exe", "x")).body.code).toBe("attachment_name_refused");
  expect((await raw("../..", "x")).body.code).toBe("attachment_name_refused");
  expect((await raw(`${"42".repeat(5_000)}.zip`, "x")).status).toBe(422);
  expect((await raw("empty.txt", "")).body.code).toMatch(/attachment_(empty|missing)/);
  expect(
    (
      await anna.post("/v1/attachments", undefined, {
        raw: "--cut--\r\n",
        headers: { "content-type": "multipart/form-data; boundary=cut" },
      })
    ).body.code,
  ).toMatch(/attachment_missing|bad_request/);
  expect(await stored()).toBe(before);
});

it("a path in a name is cut off, and a zip is kept unopened", async () => {
  expect((await raw("../../../etc/passwd", "root:x")).body.name).toBe("passwd");
  expect((await raw("42.zip", Buffer.from("PK\x03\x04 all of it is kept as it came"))).body).toMatchObject({
    name: "42.zip",
    mediaType: "application/zip",
  });
});

it("over a real connection the answer to a refused file is heard, and the connection lives on", async () => {
  const program = Buffer.concat([Buffer.from("MZ"), Buffer.alloc(20 * 1024 * 1024)]);
  const headers = { cookie: anna.cookie as string, "x-csrf-token": anna.csrf as string };
  const form = new FormData();
  form.set("file", new Blob([program]), "photo.jpg");
  for (let round = 0; round < 3; round++) {
    const byForm = await fetch(`${house.url}/api/v1/attachments`, { method: "POST", headers, body: form });
    expect([byForm.status, await byForm.json()]).toMatchObject([415, { code: "attachment_type_refused" }]);
    const raw = await fetch(`${house.url}/api/v1/attachments?name=photo.jpg`, {
      method: "POST",
      headers: { ...headers, "content-type": "image/jpeg" },
      body: program,
    });
    expect([raw.status, await raw.json()]).toMatchObject([415, { code: "attachment_type_refused" }]);
    const large = await fetch(`${house.url}/api/v1/attachments?name=a.bin`, {
      method: "POST",
      headers: { ...headers, "content-type": "image/jpeg" },
      body: Buffer.alloc(30 * 1024 * 1024),
    });
    expect([large.status, await large.json()]).toMatchObject([413, { code: "attachment_too_large" }]);
    expect((await fetch(`${house.url}/api/v1/me`, { headers })).status).toBe(200);
  }
}, 60_000);
