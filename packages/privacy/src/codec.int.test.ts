import { randomUUID } from "node:crypto";
import { erasedText, personalFieldsOf, visitLeaves } from "@docket/domain";
import type { EncodedEvent } from "@docket/event-store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { golden, goldenEvents, metaBy, olga, on, type Parts, privacyParts } from "../test/parts.ts";
import { personalCodec } from "./codec.ts";
import { fieldKeys } from "./disclosure.ts";
import type { Privacy } from "./privacy.ts";
import { openField } from "./seal.ts";
import { isSealed } from "./sealed-value.ts";

let parts: Parts;
/** two processes */
let a: Privacy;
let b: Privacy;
beforeAll(async () => {
  parts = await privacyParts();
  a = parts.open();
  b = parts.open();
});
afterAll(() => parts.close());

const noOrigin = async (): Promise<undefined> => undefined;
const plainOf = (event: EncodedEvent) => JSON.parse(JSON.stringify(event)) as unknown;

/** Every personal text of an event. */
function personalTexts(event: EncodedEvent): string[] {
  const texts: string[] = [];
  for (const { path } of personalFieldsOf(event.type))
    visitLeaves(event.data, path, ({ parent, key }) => {
      if (typeof parent[key] === "string" && parent[key] !== "") texts.push(parent[key]);
    });
  return [...texts, event.meta.actor.name ?? ""];
}

/** Destroys keys as an erasure does, without the rest of it. */
async function destroy(subjects: readonly string[]): Promise<void> {
  await parts.database.pool.query("begin");
  await parts.database.pool.query(
    `with next as (update vault.state set generation = generation + 1 returning generation)
     update vault.subject set wrapped = null, erased_at = now(), erased_generation = (select generation from next)
     where subject = any($1::uuid[])`,
    [subjects],
  );
  await parts.database.pool.query("commit");
  await parts.database.pool.query("delete from vault.alias where subject = any($1::uuid[])", [subjects]);
  await parts.database.pool.query("notify docket_vault");
}

describe("the codec", () => {
  it.each(goldenEvents().map((event) => [event.type, event] as const))(
    "seals every personal text of %s, and another process reads it",
    async (type, event) => {
      const stream = `${type.startsWith("Contact") ? "contact" : "ticket"}-${randomUUID()}`;
      const [sealed] = await a.codec.encode(stream, [event], noOrigin);
      const text = JSON.stringify(sealed);
      // in JSON, as it is stored
      for (const personal of personalTexts(event)) expect(text).not.toContain(JSON.stringify(personal).slice(1, -1));
      const [opened] = await b.codec.decode(on(stream, [sealed as EncodedEvent]));
      expect(plainOf(opened as EncodedEvent)).toEqual(plainOf(event));
      // what was given is not changed
      expect(event).toEqual(goldenEvents().find((one) => one.type === type && { ...one, meta: event.meta }) && event);
    },
  );

  it("gives the same bytes for the same command, in every process", async () => {
    const event = golden("TicketRegistered");
    const again = await Promise.all(
      [a, b, parts.open()].map(({ codec }) => codec.encode("ticket-1", [event], noOrigin)),
    );
    expect(again[1]).toEqual(again[0]);
    expect(again[2]).toEqual(again[0]);
    const other = await a.codec.encode("ticket-1", [{ ...event, meta: metaBy(olga) }], noOrigin);
    expect(other).not.toEqual(again[0]);
  });

  it("agrees on a subject that many processes meet at the same time", async () => {
    const names = Array.from({ length: 40 }, (_, n) => `mail:new${n}@x.example`);
    const processes = [a, b, parts.open(), parts.open()];
    const found = await Promise.all(
      processes.map(({ vault }, n) =>
        vault.subjectsOf((n % 2 ? names.toReversed() : names).map((name) => ({ name, known: [] }))),
      ),
    );
    expect(found[1]?.toReversed()).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
    expect(new Set(found[0]).size).toBe(40);
    const left = await parts.database.pool.query(
      "select from vault.subject s where not exists (select from vault.alias a where a.subject = s.subject)",
    );
    expect(left.rowCount).toBe(0);
  });

  it("makes twenty thousand subjects in batches", async () => {
    const names = Array.from({ length: 20_000 }, (_, n) => ({ name: `person:imported-${n}`, known: [] }));
    const subjects = await parts.open().vault.subjectsOf(names);
    expect(new Set(subjects).size).toBe(20_000);
  });

  it("finds whose a ticket's texts are by its first event, in one batch, later, and for the rating beside it", async () => {
    const stream = `ticket-${randomUUID()}`;
    const registered = golden("TicketRegistered");
    const comment = golden("TicketCommented");
    const [first, second] = (await a.codec.encode(stream, [registered, comment], noOrigin)) as [
      EncodedEvent,
      EncodedEvent,
    ];
    const subject = (first.data["subject"] as { $p: string }).$p;
    expect((second.data["text"] as { $p: string }).$p).toBe(subject);
    const origin = async (asked: string) => (asked === stream ? first : undefined);
    const [later] = (await b.codec.encode(stream, [{ ...comment, meta: metaBy(olga) }], origin)) as [EncodedEvent];
    expect((later.data["text"] as { $p: string }).$p).toBe(subject);
    const rated = golden("TicketRated", { ticketId: stream.slice("ticket-".length) });
    const [rating] = (await b.codec.encode("survey-1", [rated], origin)) as [EncodedEvent];
    expect((rating.data["comment"] as { $p: string }).$p).toBe(subject);
  });

  it("knows whose a stream is once it has read its beginning, until that one is erased", async () => {
    const stream = `ticket-${randomUUID()}`;
    const requester = { personId: `read-${randomUUID()}`, name: "Read", email: null, phone: null };
    const [first] = (await a.codec.encode(stream, [golden("TicketRegistered", { requester })], noOrigin)) as [
      EncodedEvent,
    ];
    const subject = (first.data["subject"] as { $p: string }).$p;
    let asked = 0;
    const origin = async () => (asked++, first);
    const later = async () => {
      const [comment] = (await b.codec.encode(
        stream,
        [{ ...golden("TicketCommented"), meta: metaBy(olga) }],
        origin,
      )) as [EncodedEvent];
      return (comment.data["text"] as { $p: string }).$p;
    };
    await b.codec.decode(on(stream, [first]));
    expect(await later()).toBe(subject);
    expect(asked).toBe(0);
    await destroy([subject]);
    await b.vault.look();
    expect(await later()).not.toBe(subject);
    expect(asked).toBeGreaterThan(0);
    // who reads the erased beginning again does not take it for the owner's
    await b.codec.decode(on(stream, [first]));
    expect(await later()).not.toBe(subject);
  });

  it("takes a ticket from before there were keys for its requester's", async () => {
    const requester = { personId: `old-${randomUUID()}`, name: "Old", email: null, phone: null };
    const clear = golden("TicketRegistered", { requester });
    const [comment] = (await a.codec.encode("ticket-old", [golden("TicketCommented")], async () => clear)) as [
      EncodedEvent,
    ];
    const subject = await a.vault.find(`person:${requester.personId}`);
    expect((comment.data["text"] as { $p: string }).$p).toBe(subject);
    // and what stands in clear stays readable
    expect(await a.codec.decode(on("ticket-old", [clear]))).toEqual(on("ticket-old", [clear]));
  });

  it("knows a person by the address that the directory gives him, and as the same who wrote before", async () => {
    const id = randomUUID();
    const unknown = await a.vault.subjectsOf([{ name: `mail:early-${id}@x.example`, known: [] }]);
    const added = golden("OrganizationPersonAdded", {
      person: { personId: id, name: "N", emails: [`Early-${id}@x.example`, `late-${id}@x.example`], phones: [] },
    });
    await a.codec.encode("organization-x", [added], noOrigin);
    const person = await b.vault.find(`person:${id}`);
    expect(await b.vault.find(`mail:late-${id}@x.example`)).toBe(person);
    expect(await b.vault.find(`mail:early-${id}@x.example`)).toBe(unknown[0]);
    const { rows } = await parts.database.pool.query("select other from vault.same where subject = $1", [person]);
    expect(rows).toEqual([{ other: unknown[0] }]);
    // the address goes to somebody else: it is his from now on, and the two are not taken for one
    const other = golden("OrganizationPersonChanged", {
      person: { personId: `${id}-2`, name: "M", emails: [`late-${id}@x.example`], phones: [] },
    });
    await b.codec.encode("organization-x", [other], noOrigin);
    expect(await b.vault.find(`mail:late-${id}@x.example`)).toBe(await b.vault.find(`person:${id}-2`));
    expect(
      (await parts.database.pool.query("select from vault.same where subject = $1 or other = $1", [person])).rowCount,
    ).toBe(1);
  });

  it("leaves no name in the key store", async () => {
    await a.vault.subjectsOf([{ name: "mail:marker-name@x.example", known: [] }]);
    const { rows } = await parts.database.pool.query(
      "select a::text || s::text as text from vault.alias a join vault.subject s using (subject)",
    );
    const text = JSON.stringify(rows);
    expect(text).not.toContain("marker-name");
    expect(text).not.toContain(Buffer.from("marker-name").toString("hex"));
  });

  it("discloses single fields: each key opens its own field", async () => {
    const event = golden("TicketRegistered");
    const [sealed] = (await a.codec.encode("ticket-9", [event], noOrigin)) as [EncodedEvent];
    const keys = await fieldKeys(b.vault, sealed);
    expect(keys.map(({ pointer }) => pointer).toSorted()).toEqual([
      "/data/attachments/0/name",
      "/data/description",
      "/data/requester/email",
      "/data/requester/name",
      "/data/subject",
      "/meta/actor/name",
    ]);
    const subject = sealed.data["subject"] as { $p: string; c: string };
    const disclosed = keys.find(({ pointer }) => pointer === "/data/subject");
    const place = { stream: "ticket-9", type: "TicketRegistered", pointer: "/data/subject" };
    const open = (key: string | null | undefined) =>
      openField(Buffer.from(key ?? "", "base64"), place, Buffer.from(subject.c, "base64"));
    expect(open(disclosed?.key)).toBe(event.data["subject"]);
    expect(() => open(keys.find(({ pointer }) => pointer === "/data/description")?.key)).toThrow();
  });

  it("shows a blank once the key is gone, in every process, and writes on under a new subject", async () => {
    const id = randomUUID();
    const stream = `ticket-${id}`;
    const registered = golden("TicketRegistered", {
      requester: { personId: id, name: "Анна", email: `${id}@x.example`, phone: null },
    });
    const [first] = (await a.codec.encode(stream, [registered], noOrigin)) as [EncodedEvent];
    const [before] = (await b.codec.decode(on(stream, [first]))) as [EncodedEvent];
    expect((before.data as { requester: { name: string } }).requester.name).toBe("Анна");
    const heard = [a, b].map(({ codec }) => new Promise<void>((resolve) => void codec.onForgotten(resolve)));
    const subject = (first.data["subject"] as { $p: string }).$p;
    await destroy([subject]);
    await Promise.all(heard);
    for (const { codec } of [a, b, parts.open()]) {
      const [opened] = await codec.decode(on(stream, [first]));
      const data = opened?.data as { requester: Record<string, unknown>; subject: string; number: string };
      expect(data.requester).toEqual({ personId: id, name: erasedText, email: erasedText, phone: null });
      expect(data.subject).toBe(erasedText);
      expect(data.number).toBe(registered.data["number"]);
      // staff's names are their own
      expect(opened?.meta.actor.name).toBe(olga.name);
    }
    expect((await fieldKeys(b.vault, first)).find(({ pointer }) => pointer === "/data/subject")?.key).toBeNull();
    const [comment] = (await b.codec.encode(stream, [golden("TicketCommented")], async () => first)) as [EncodedEvent];
    const heir = comment.data["text"] as { $p: string };
    expect(isSealed(heir)).toBe(true);
    expect(heir.$p).not.toBe(subject);
    expect(heir.$p).toBe(await a.vault.find(`person:${id}`));
    // a blank that is said again stays a blank in clear
    const confirmed = golden("TicketConfirmed", {
      by: { personId: id, name: erasedText, email: erasedText, phone: null },
    });
    const [repeated] = (await b.codec.encode(stream, [confirmed], async () => first)) as [EncodedEvent];
    expect((repeated.data["by"] as { name: string }).name).toBe(erasedText);
  });

  it("refuses what was changed, or moved to another place; at once, or when it is looked at", async () => {
    const [sealed] = (await a.codec.encode("ticket-8", [golden("TicketCommented")], noOrigin)) as [EncodedEvent];
    await expect(a.codec.decode(on("ticket-7", [sealed]))).rejects.toThrow();
    const [moved] = (await personalCodec(a.vault, { lazy: true }).decode(on("ticket-7", [sealed]))) as [EncodedEvent];
    expect(() => (moved.data as { text: string }).text).toThrow();
    const [here] = (await personalCodec(a.vault, { lazy: true }).decode(on("ticket-8", [sealed]))) as [EncodedEvent];
    expect((here.data as { text: string }).text).toBe((golden("TicketCommented").data as { text: string }).text);
  });

  it("says that a key is missing where the keys are older than the events", async () => {
    const [sealed] = (await a.codec.encode("ticket-6", [golden("TicketCommented")], noOrigin)) as [EncodedEvent];
    const unknown = {
      ...sealed,
      data: { ...sealed.data, text: { ...(sealed.data["text"] as object), $p: randomUUID() } },
    };
    await expect(a.codec.decode(on("ticket-6", [unknown]))).rejects.toMatchObject({ code: "personal_key_missing" });
  });
});
