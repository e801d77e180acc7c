import { randomBytes } from "node:crypto";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { EncodedEvent } from "@docket/event-store";
import { startCutProxy } from "@docket/test-kit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { golden, on, type Parts, privacyParts } from "../test/parts.ts";
import { beginErasure, eraseAgain, unfinishedErasures } from "./erasure.ts";
import { rotateKeys } from "./keyring.ts";
import { masterKeyOf } from "./master.ts";
import { openPrivacy, type Privacy } from "./privacy.ts";
import { unwrapKey, wrapKey } from "./seal.ts";
import { findSubject } from "./subject.ts";

let parts: Parts;
beforeAll(async () => {
  parts = await privacyParts();
});
afterAll(() => parts.close());
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const noOrigin = async (): Promise<undefined> => undefined;
async function sealOne(privacy: Privacy, stream: string): Promise<EncodedEvent> {
  const [sealed] = await privacy.codec.encode(stream, [golden("TicketCommented")], noOrigin);
  return sealed as EncodedEvent;
}
async function textOf(privacy: Privacy, stream: string, event: EncodedEvent): Promise<string> {
  const [opened] = (await privacy.codec.decode(on(stream, [event]))) as [EncodedEvent];
  return (opened.data as { text: string }).text;
}
const plain = (golden("TicketCommented").data as { text: string }).text;
const person = (personId: string, ...emails: string[]) =>
  golden("OrganizationPersonAdded", { person: { personId, name: "N", emails, phones: [] } });

describe("the master key", () => {
  it("is a file made once, readable by its owner only, whoever starts first", async () => {
    const setting = `file:${join(parts.folder, "made", "master.json")}`;
    const all = await Promise.all([1, 2, 3, 4].map(() => masterKeyOf(setting).wrap(Buffer.from("key"), "c")));
    for (const { id, wrapped } of all)
      expect((await masterKeyOf(setting).unwrap(id, wrapped, "c")).toString()).toBe("key");
    expect((await stat(join(parts.folder, "made", "master.json"))).mode & 0o777).toBe(0o600);
    await expect(masterKeyOf(setting).unwrap("other", all[0]?.wrapped as Buffer, "c")).rejects.toMatchObject({
      code: "master_key_wrong",
    });
  });

  it("may be given, or kept by a program or a service that is asked", async () => {
    const key = randomBytes(32);
    const answer = (text: string): string => {
      const { operation, context, data } = JSON.parse(text) as Record<string, string>;
      const bytes = Buffer.from(data ?? "", "base64");
      const done = operation === "wrap" ? wrapKey(key, context ?? "", bytes) : unwrapKey(key, context ?? "", bytes);
      return JSON.stringify({ keyId: "kms-1", data: done.toString("base64") });
    };
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => response.setHeader("content-type", "application/json").end(answer(text)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const program = join(parts.folder, "kms.mjs");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await writeFile(
      program,
      `#!/usr/bin/env node\nlet text = "";\nfor await (const chunk of process.stdin) text += chunk;\n` +
        `process.stdout.write(await (await fetch(process.argv[2], { method: "POST", body: text })).text());\n`,
    );
    await chmod(program, 0o700);
    for (const setting of [`key:${key.toString("base64")}`, url, `command:"${process.execPath}" "${program}" ${url}`]) {
      const { id, wrapped } = await masterKeyOf(setting).wrap(Buffer.from("secret"), "context");
      expect(wrapped.includes("secret")).toBe(false);
      expect((await masterKeyOf(setting).unwrap(id, wrapped, "context")).toString()).toBe("secret");
    }
    await expect(masterKeyOf("command:/nowhere/kms").wrap(Buffer.from("x"), "c")).rejects.toMatchObject({
      code: "master_key_unavailable",
    });
    expect(() => masterKeyOf("nonsense")).toThrow(/DOCKET_MASTER_KEY/);
  });
});

describe("the key store", () => {
  it("says at once when its master key is another one", async () => {
    await sealOne(parts.open(), "ticket-m");
    const other = openPrivacy({
      DATABASE_URL: parts.database.url,
      DOCKET_DATA: "",
      DOCKET_MASTER_KEY: `key:${randomBytes(32).toString("base64")}`,
    });
    closing.push(() => other.close());
    await expect(sealOne(other, "ticket-m")).rejects.toMatchObject({ code: "master_key_wrong" });
  });

  it("wraps every key anew; who runs meanwhile goes on, and the old master key is of no use any more", async () => {
    const running = parts.open();
    const before = await sealOne(running, "ticket-r");
    const file = join(parts.folder, "keys", "master.json");
    const old = await readFile(file, "utf8");
    const master = masterKeyOf(`file:${file}`);
    expect(await rotateKeys(parts.database.pool, master)).toBeGreaterThan(0);
    const after = await sealOne(running, "ticket-r2");
    const fresh = parts.open();
    expect(await textOf(fresh, "ticket-r", before)).toBe(plain);
    expect(await textOf(fresh, "ticket-r2", after)).toBe(plain);
    // what the running one wraps now is of the new key
    expect((await parts.database.pool.query("select from vault.wrapping_key")).rowCount).toBe(1);
    await writeFile(join(parts.folder, "old.json"), old);
    const withOld = openPrivacy({
      DATABASE_URL: parts.database.url,
      DOCKET_DATA: "",
      DOCKET_MASTER_KEY: `file:${join(parts.folder, "old.json")}`,
    });
    closing.push(() => withOld.close());
    await expect(textOf(withOld, "ticket-r", before)).rejects.toMatchObject({ code: "master_key_wrong" });
    // names are found again: the blind index outlives the rotation
    await running.codec.encode("organization-x", [person("rotated", "rotated@x.example")], noOrigin);
    expect(await rotateKeys(parts.database.pool, master)).toBeGreaterThan(0);
    expect(await parts.open().vault.find("mail:rotated@x.example")).toBe(await running.vault.find("person:rotated"));
  });

  it("is away: what is in memory serves a while, the rest says so and may be tried again", async () => {
    const port = Number(new URL(parts.database.url).port);
    const line = await startCutProxy(port);
    closing.push(() => line.close());
    const privacy = openPrivacy({
      DATABASE_URL: parts.database.url.replace(`:${port}/`, `:${line.port}/`),
      DOCKET_DATA: parts.folder,
    });
    closing.push(() => privacy.close());
    const sealed = await sealOne(privacy, "ticket-a");
    line.mode = "closed";
    expect(await textOf(privacy, "ticket-a", sealed)).toBe(plain);
    await expect(sealOne(privacy, "ticket-never-seen")).rejects.toMatchObject({
      code: "vault_unavailable",
      transient: true,
    });
    line.mode = "open";
    // connections that broke are found out one by one
    const again = (): Promise<EncodedEvent | undefined> => sealOne(privacy, "ticket-never-seen").catch(() => undefined);
    await expect.poll(again).toBeDefined();
    expect(await textOf(privacy, "ticket-never-seen", (await again()) as EncodedEvent)).toBe(plain);
  });
});

describe("whose data", () => {
  const erase = async (privacy: Privacy, given: string) => {
    const erasureId = crypto.randomUUID();
    const found = await findSubject(privacy.vault, given);
    await beginErasure(privacy.vault, {
      erasureId,
      found,
      by: { id: "boss", role: "admin" },
      reason: null,
      at: new Date(),
    });
    return found;
  };

  it("is found by address, id or reference; a name that two bear has to be said in full", async () => {
    const privacy = parts.open();
    const [early] = await privacy.vault.subjectsOf([{ name: "mail:early@w.example", known: [] }]);
    await privacy.codec.encode("organization-w", [person("wera", "wera@w.example", "early@w.example")], noOrigin);
    const found = await findSubject(privacy.vault, " Wera@W.example");
    expect(found).toMatchObject({ kind: "person", shared: [] });
    expect(found.subjects).toContain(early);
    for (const given of ["wera", "person:wera", "early@w.example", found.subjects[0] as string])
      expect(await findSubject(privacy.vault, given)).toEqual(found);
    await privacy.vault.subjectsOf([{ name: "staff:wera", known: [] }]);
    await expect(findSubject(privacy.vault, "wera")).rejects.toMatchObject({ code: "subject_ambiguous" });
    await expect(findSubject(privacy.vault, "nobody")).rejects.toMatchObject({ code: "subject_unknown" });
    await expect(findSubject(privacy.vault, " ")).rejects.toMatchObject({ code: "subject_invalid" });
  });

  it("an address that two share is erased with neither of them", async () => {
    const privacy = parts.open();
    const [shared] = await privacy.vault.subjectsOf([{ name: "mail:office@s.example", known: [] }]);
    await privacy.vault.subjectsOf([
      { name: "person:s1", known: ["mail:office@s.example"] },
      { name: "person:s2", known: ["mail:office@s.example"] },
    ]);
    await expect(findSubject(privacy.vault, "office@s.example")).rejects.toMatchObject({ code: "subject_ambiguous" });
    const found = await erase(privacy, "person:s1");
    expect(found).toMatchObject({ shared: [shared] });
    expect((await privacy.vault.keysOf([shared as string])).get(shared as string)?.key).not.toBeNull();
    // the other one is alone with it now
    expect((await findSubject(privacy.vault, "office@s.example")).subjects).toContain(shared);
  });

  it("an erasure destroys keys, names, copies of files, mails and kept answers in one go, and once", async () => {
    const privacy = parts.open();
    const other = parts.open();
    const [anna = "", staff = ""] = await privacy.vault.subjectsOf([
      { name: "person:gone", known: ["mail:gone@x.example"] },
      { name: "staff:stays", known: [] },
    ]);
    const bytes = randomBytes(40);
    const { sha256 } = await privacy.files.put(staff, bytes, "x/y", { staged: true });
    await privacy.files.share(sha256, [staff], anna);
    expect(await other.files.find(sha256, [anna])).toBeDefined();
    const heard = new Promise<void>((resolve) => void other.vault.onForgotten(resolve));
    await erase(privacy, "gone@x.example");
    await heard;
    // the uploader's copy went too: it was the same bytes under the same key
    for (const subjects of [[anna], [staff]]) expect(await other.files.find(sha256, subjects)).toBeUndefined();
    expect((await other.vault.keysOf([anna])).get(anna)?.key).toBeNull();
    expect((await other.vault.keysOf([staff])).get(staff)?.key).not.toBeNull();
    await expect(findSubject(privacy.vault, "gone@x.example")).rejects.toMatchObject({ code: "subject_unknown" });
    expect((await unfinishedErasures(privacy.vault)).some(({ subjects }) => subjects.includes(anna))).toBe(true);
  });

  it("keys that a backup brought back are destroyed again by the log's records", async () => {
    const privacy = parts.open();
    const [anna = ""] = await privacy.vault.subjectsOf([{ name: "person:restored", known: [] }]);
    const backup = await parts.database.pool.query(
      "select wrapped, wrapping_key from vault.subject where subject = $1",
      [anna],
    );
    await erase(privacy, "person:restored");
    expect(await eraseAgain(privacy.vault, [anna])).toBe(0);
    await parts.database.pool.query(
      "update vault.subject set wrapped = $2, wrapping_key = $3, erased_at = null, erased_generation = null where subject = $1",
      [anna, backup.rows[0].wrapped, backup.rows[0].wrapping_key],
    );
    expect(await eraseAgain(privacy.vault, [anna])).toBe(1);
    expect((await parts.open().vault.keysOf([anna])).get(anna)?.key).toBeNull();
  });
});
