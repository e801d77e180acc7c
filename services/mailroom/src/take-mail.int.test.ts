import { randomUUID } from "node:crypto";
import {
  createDesk,
  createDirectoryView,
  createIntake,
  type Desk,
  type DirectoryView,
  type Intake,
} from "@docket/command-handling";
import type { AnyCommand, Fact, ContactEvent } from "@docket/domain";
import { startEventStore, type EventStoreNode } from "@docket/embedded-eventstore";
import { createTicketNumbers, openEventStore, type EventStore } from "@docket/event-store";
import { mailTokens } from "@docket/mail";
import { openPrivacy, type Privacy, whoseOf } from "@docket/privacy";
import { manualClock } from "@docket/service-kit";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { threadLookup } from "./lookup.ts";
import { takeMail, type MailroomDeps } from "./take-mail.ts";

let node: EventStoreNode;
let store: EventStore;
let database: TestDatabase;
let privacy: Privacy;
let directory: DirectoryView;
let desk: Desk;
let intake: Intake;
let deps: MailroomDeps;
const clock = manualClock(new Date("2024-04-22T06:00:00Z"));
const tokens = mailTokens("a secret of enough length", "docket.example");

const admin = async (command: AnyCommand) => {
  const id = randomUUID();
  const result = await desk.execute(command, {
    commandId: id,
    correlationId: id,
    causationId: null,
    actor: { id: "admin", role: "admin" },
    channel: "console",
  });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
};

beforeAll(async () => {
  [node, database] = await Promise.all([startEventStore({ port: 0, memory: true }), testDatabase()]);
  const master = `key:${Buffer.alloc(32, 1).toString("base64")}`;
  privacy = openPrivacy({ DATABASE_URL: database.url, DOCKET_DATA: "", DOCKET_MASTER_KEY: master });
  store = openEventStore(`esdb://127.0.0.1:${node.port}?tls=false`, { codec: privacy.codec });
  directory = createDirectoryView(store);
  await directory.ready;
  desk = createDesk({ store, clock, directory });
  intake = createIntake({ desk: desk as never, store, directory, numbers: createTicketNumbers(store, clock) });
  const since = "2024-01-01T00:00:00.000Z";
  await admin({
    type: "DefineCalendar",
    data: { calendarId: "always", name: "24x7", calendar: { tz: "Europe/Moscow", "24x7": true }, effectiveFrom: since },
  });
  for (const name of ["alfa", "beta"]) {
    await admin({
      type: "RegisterOrganization",
      data: { organizationId: name, name, aliases: [], language: "ru", zone: "Europe/Moscow", region: null },
    });
    await admin({
      type: "AddPerson",
      data: {
        organizationId: name,
        person: { personId: `${name}-1`, name: "Person", emails: [`one@${name}.example`], phones: [] },
      },
    });
    await admin({
      type: "SignContract",
      data: {
        contractId: `${name}-c`,
        number: `${name}/1`,
        organizationId: name,
        validFrom: "2024-01-01",
        validTo: null,
        supportKeys: [`KEY-${name}`],
        services: { monitoring: false, managerContact: false, managerEscalation: false },
        updateRights: [],
        authorisedPersonIds: [`${name}-1`],
        managerContactPersonIds: [],
        serviceManagerId: null,
        policyEffectiveFrom: since,
        policy: {
          calendarId: "always",
          targets: [{ type: "incident", priority: "medium", reaction: "1h", resolution: "8h" }],
          ola: [],
          pauses: { customer: true, approval: true },
          chain: [],
          confirmation: { workingDays: 5, reminders: [2, 4] },
          closeScheduledWorkOnResolution: false,
          defaultClassification: { type: "incident", priority: "medium" },
        },
      },
    });
  }
  const lookup = threadLookup({ store, db: database.db, directory: () => directory.current() });
  deps = {
    desk,
    clock,
    tokens,
    keep: (bytes, mediaType, owner) => privacy.files.put(owner, bytes, mediaType),
    ownerOf: whoseOf(store, privacy.vault, privacy.codec).contact,
    // no read models in this test; threads by our own ids and tokens need none
    lookup: { ...lookup, ticketOfMessages: async () => null },
    ownAddresses: ["support@docket.example"],
    ownIdHost: "docket.example",
    advance: () => undefined,
  };
}, 60_000);
afterAll(async () => {
  await directory?.close();
  await store?.close();
  await privacy?.close();
  await database?.close();
  await node?.stop();
});

const letter = (head: Record<string, string>, text: string) =>
  Buffer.from(
    `${Object.entries(head)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join("")}Content-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`,
  );
const alfa = (more: Record<string, string> = {}) => ({
  From: "One <one@alfa.example>",
  To: "support@docket.example",
  Subject: "Не работает",
  "Message-ID": `<${randomUUID()}@alfa.example>`,
  ...more,
});
/** A mail's source as it was kept for its sender. */
async function rawOf(data: { raw: { sha256: string } | null; mail: { from: string | null } | null }) {
  const subject = await privacy.vault.find(`mail:${data.mail?.from ?? ""}`);
  const file = await privacy.files.find(data.raw?.sha256 ?? "", subject === undefined ? [] : [subject]);
  return file && Buffer.concat(await file.read().toArray());
}
const factsOf = async (contactId: string) =>
  (await store.load(`contact-${contactId}`)) as unknown as Fact<ContactEvent>[];
const received = async (contactId: string) => {
  const [first] = await factsOf(contactId);
  if (first?.type !== "ContactReceived") throw new Error("not received");
  return first.data;
};
async function ticketOf(contactId: string): Promise<string> {
  const settled = await intake.settle(contactId);
  if (settled.ticket === null) throw new Error(`no ticket: ${JSON.stringify(settled)}`);
  return settled.ticket.ticketId;
}

describe("a mail that is taken", () => {
  it("is kept with its source byte for byte, before anything is decided", async () => {
    const raw = letter(alfa(), "Ключ поддержки: KEY-alfa\nСломалось.");
    const { contactId, repeated } = await takeMail(raw, "one@alfa.example", deps);
    expect(repeated).toBe(false);
    const data = await received(contactId);
    expect(data).toMatchObject({
      channel: "email",
      receivedAt: "2024-04-22T06:00:00.000Z",
      subject: "Не работает",
      claims: { supportKey: "KEY-alfa", email: "one@alfa.example" },
    });
    expect((await rawOf(data))?.equals(raw)).toBe(true);
    expect(await ticketOf(contactId)).toBeTruthy();
  });

  it("comes twice and is one contact, though each hop added its trace", async () => {
    const raw = letter(alfa(), "Ключ поддержки: KEY-alfa");
    const first = await takeMail(raw, "one@alfa.example", deps);
    const again = await takeMail(
      Buffer.concat([Buffer.from("Received: from b by c;\r\n\tMon, 22 Apr 2024 09:00:01 +0300\r\n"), raw]),
      "one@alfa.example",
      deps,
    );
    expect(again).toEqual({ contactId: first.contactId, repeated: true });
    expect(await factsOf(first.contactId)).toHaveLength(1);
  });

  it("is another contact when somebody reuses a Message-ID for other words", async () => {
    const head = alfa({ "Message-ID": "<same@alfa.example>" });
    const one = await takeMail(letter(head, "one"), "one@alfa.example", deps);
    const two = await takeMail(letter(head, "two"), "one@alfa.example", deps);
    expect(two.contactId).not.toBe(one.contactId);
  });

  it("joins its ticket by our message id or by the signed address, and only the new words are the message", async () => {
    const ticketId = await ticketOf(
      (await takeMail(letter(alfa(), "Ключ поддержки: KEY-alfa"), "one@alfa.example", deps)).contactId,
    );
    const byId = await takeMail(
      letter(alfa({ "In-Reply-To": tokens.messageId(ticketId, "x1") }), "Ответ\r\n\r\n> старое"),
      "one@alfa.example",
      deps,
    );
    expect(await received(byId.contactId)).toMatchObject({ aboutTicketId: ticketId, text: "Ответ" });
    const byAddress = await takeMail(
      letter(alfa({ To: tokens.replyAddress("support@docket.example", ticketId) }), "И ещё"),
      "one@alfa.example",
      deps,
    );
    expect((await received(byAddress.contactId)).aboutTicketId).toBe(ticketId);
    expect(await intake.settle(byAddress.contactId)).toMatchObject({ status: "joined", ticket: { ticketId } });
  });

  it("never joins by a quoted number, nor for a stranger who has the token", async () => {
    const first = await takeMail(letter(alfa(), "Ключ поддержки: KEY-alfa"), "one@alfa.example", deps);
    const settled = await intake.settle(first.contactId);
    const ticketId = settled.ticket?.ticketId ?? "";
    const byNumber = await takeMail(
      letter(alfa({ Subject: `Re: [${settled.ticket?.number}] Не работает` }), "x"),
      "one@alfa.example",
      deps,
    );
    expect((await received(byNumber.contactId)).aboutTicketId).toBeNull();
    const stranger = { ...alfa(), From: "one@beta.example", "In-Reply-To": tokens.messageId(ticketId, "x2") };
    expect(
      (await received((await takeMail(letter(stranger, "x"), "one@beta.example", deps)).contactId)).aboutTicketId,
    ).toBeNull();
  });

  it("of a machine is kept and rejected, never registered", async () => {
    const { contactId } = await takeMail(
      letter(alfa({ "Auto-Submitted": "auto-replied" }), "Ключ поддержки: KEY-alfa\nЯ в отпуске"),
      "one@alfa.example",
      deps,
    );
    expect(await intake.settle(contactId)).toMatchObject({ status: "rejected", ticket: null });
  });

  it("of 5 MB of subject, NUL and lone surrogates is shortened and mended for show; the source keeps it all", async () => {
    const raw = letter(alfa({ Subject: "ы".repeat(2_500_000) }), "a\0b");
    const { contactId } = await takeMail(raw, "one@alfa.example", deps);
    const data = await received(contactId);
    expect(data.subject.length).toBeLessThanOrEqual(300);
    expect(data.text).toBe("ab");
    expect((await rawOf(data))?.length).toBe(raw.length);
  });
});
