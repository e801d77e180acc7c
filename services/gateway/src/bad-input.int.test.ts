import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../test/house.ts";
import { portalForm, registered } from "../test/tickets.ts";
import { session, type Session } from "../test/session.ts";

let house: House;
let anna: Session;
let olga: Session;
let ticketId: string;
beforeAll(async () => {
  house = await openHouse();
  [anna, olga] = await Promise.all([house.as("anna"), house.as("olga")]);
  ticketId = (await registered(house)).ticketId;
});
afterAll(() => house.close());

const command = (who: Session, name: string, body: unknown, headers: Record<string, string> = {}) =>
  who.post(`/v1/tickets/${ticketId}/commands/${name}`, body, { headers });

async function contactsKept(): Promise<number> {
  let count = 0;
  for await (const _event of house.store.readAll({ prefixes: ["contact-"] })) count++;
  return count;
}

describe("a request that cannot be read", () => {
  it.each([
    ["malformed JSON", '{"subject": ', 400, "malformed_json"],
    ["an empty body", "", 400, "empty_body"],
    ["nesting ten thousand deep", `${"[".repeat(10_000)}${"]".repeat(10_000)}`, 400, "nesting_too_deep"],
    [
      "nesting ten thousand deep within a form",
      `{"subject":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`,
      400,
      "nesting_too_deep",
    ],
    [
      "bytes that are not UTF-8",
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
      400,
      "malformed_encoding",
    ],
    ["a text instead of an object", '"hello"', 422, "wrong_type"],
  ])("%s", async (_what, raw, status, code) => {
    const before = await contactsKept();
    const answer = await anna.post("/v1/contacts/portal", undefined, { raw });
    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(await contactsKept()).toBe(before);
  });

  it("a wrong content type", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/xml",
    ]) {
      const answer = await anna.post("/v1/contacts/portal", undefined, {
        raw: "a=b",
        headers: { "content-type": type },
      });
      expect(answer).toMatchObject({ status: 415, body: { code: "unsupported_media_type" } });
    }
  });

  it("a body larger than any", async () => {
    const answer = await anna.post("/v1/contacts/portal", undefined, { raw: Buffer.alloc(9 * 1024 * 1024, 0x20) });
    expect(answer).toMatchObject({ status: 413, body: { code: "body_too_large", limit: 8 * 1024 * 1024 } });
  });

  it("an unknown address, another method, a broken address", async () => {
    expect(await anna.get("/v1/nothing")).toMatchObject({ status: 404, body: { code: "route_not_found" } });
    const answer = await anna.delete("/v1/tickets");
    expect(answer).toMatchObject({ status: 405, body: { code: "method_not_allowed" } });
    expect(answer.headers["allow"]).toBe("GET");
    expect(await anna.get("/v1/tickets/%E0%A4%A")).toMatchObject({ status: 404, body: { code: "route_not_found" } });
  });
});

describe("fields", () => {
  it.each([
    ["a 5 MB subject", { subject: "x".repeat(5_000_000) }, "too_long", "subject"],
    ["NUL", { subject: "a\0b" }, "nul_character", "subject"],
    ["a lone surrogate", { description: "a\ud800b" }, "lone_surrogate", "description"],
    ["an unknown field", { colour: "red" }, "unknown_field", "colour"],
    ["a direction override in a name", { contactPerson: "Anna\u202egpj.exe" }, "bidi_control", "contactPerson"],
    ["nothing but blanks", { subject: "  \t " }, "empty", "subject"],
    ["an unknown type", { type: "wish" }, "not_allowed", "type"],
    ["no e-mail address", { email: "anna" }, "bad_format", "email"],
    ["a number for a text", { subject: 17 }, "wrong_type", "subject"],
    ["a missing field", { product: undefined }, "required", "product"],
  ])("%s", async (_what, change, code, field) => {
    const before = await contactsKept();
    const answer = await anna.post("/v1/contacts/portal", { ...portalForm, ...change });
    expect(answer).toMatchObject({ status: 422, body: { code, field } });
    expect(answer.raw.length).toBeLessThan(2_000);
    expect(await contactsKept()).toBe(before);
  });

  it("a key __proto__, plain or in disguise, is an unknown field and changes nothing", async () => {
    for (const key of ["__proto__", "__pro\\u0074o__"]) {
      const answer = await anna.post("/v1/contacts/portal", undefined, {
        raw: JSON.stringify(portalForm).replace("{", `{"${key}":{"polluted":"yes"},`),
      });
      expect(answer).toMatchObject({ status: 422, body: { code: "unknown_field", field: "__proto__" } });
      expect(({} as { polluted?: string }).polluted).toBeUndefined();
    }
  });

  it("several faults are all named", async () => {
    const answer = await anna.post("/v1/contacts/portal", { type: "incident" });
    expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual([
      "priority",
      "subject",
      "company",
      "contactPerson",
      "email",
      "product",
      "description",
    ]);
    expect(answer.body.code).toBe("required");
    expect((await anna.post("/v1/contacts/portal", { ...portalForm, email: "no", subject: "" })).body.code).toBe(
      "validation_failed",
    );
  });

  it("a text keeps its direction overrides as they came: they are evidence, and shown isolated", async () => {
    const subject = "invoice \u202efdp.exe";
    const answer = await anna.post("/v1/contacts/portal", { ...portalForm, subject });
    expect(answer.status).toBe(201);
    const seen = await anna.get(`/v1/tickets/${answer.body.ticket.ticketId}`, {
      headers: { "docket-wait-position": answer.body.position },
    });
    expect(seen.body.subject).toBe(subject);
  });

  it("says what is wrong in the caller's language", async () => {
    const texts = await Promise.all(
      ["ru", "en", "de, ru;q=0.3, en;q=0.7", "*"].map(
        async (language) =>
          (
            await anna.post(
              "/v1/contacts/portal",
              { ...portalForm, subject: "" },
              { headers: { "accept-language": language } },
            )
          ).body.title,
      ),
    );
    expect(texts).toEqual(["Поле пустое", "The field is empty", "The field is empty", "Поле пустое"]);
  });
});

describe("what the rules refuse", () => {
  it("an invalid type x priority", async () => {
    expect(await command(olga, "classify", { type: "consultation", priority: "high" })).toMatchObject({
      status: 422,
      body: { code: "priority_not_allowed", field: "priority" },
    });
  });

  it("an occurrence in the future, and before the registration", async () => {
    const at = (ms: number) => new Date(house.clock.now().getTime() + ms).toISOString();
    expect(
      await command(olga, "classify", { type: "incident", priority: "low", occurredAt: at(600_000) }),
    ).toMatchObject({ status: 422, body: { code: "occurred_in_future", field: "occurredAt" } });
    expect(
      await command(olga, "classify", { type: "incident", priority: "low", occurredAt: at(-86_400_000) }),
    ).toMatchObject({ body: { code: "occurred_before_registration", field: "occurredAt" } });
  });

  it("an unknown contract, an expired one, and an unauthorised person wait for an operator, who learns why", async () => {
    const phone = (change: object) =>
      olga.post("/v1/contacts/phone", {
        subject: "s",
        text: "t",
        email: "anna@romashka.example",
        supportKey: "KEY-0017-AA",
        ...change,
      });
    expect((await phone({ supportKey: "WRONG" })).body).toMatchObject({ status: "held", doubts: ["unknown_contract"] });
    expect((await phone({ email: "vera@romashka.example" })).body).toMatchObject({
      status: "held",
      doubts: ["sender_not_authorised"],
    });
    expect((await phone({ email: "who@else.example" })).body.doubts).toContain("unknown_sender");
    const leo = await house.as("leo");
    const stranger = await leo.post("/v1/contacts/portal", { ...portalForm, supportKey: "KEY-0017-AA" });
    expect(stranger.body).toMatchObject({ status: "held", doubts: [], ticket: null });
  });

  it("a stale If-Match, naming what changed and who did it", async () => {
    expect((await command(olga, "classify", { type: "incident", priority: "low" }, { "if-match": '"0"' })).status).toBe(
      200,
    );
    const answer = await command(await house.as("maria"), "assign", {}, { "if-match": '"0"' });
    expect(answer).toMatchObject({
      status: 412,
      body: {
        code: "stale_revision",
        currentRevision: 1,
        since: [
          {
            type: "TicketClassified",
            title: "Ticket classified",
            revision: 1,
            by: { id: "olga", name: "Ольга Операторова", role: "operator" },
            channel: "console",
          },
        ],
      },
    });
    expect(answer.headers["etag"]).toBe('"1"');
    expect((await command(olga, "assign", {}, { "if-match": "seven" })).body.code).toBe("if_match_invalid");
  });

  it("a duplicate of another customer's ticket", async () => {
    const other = await registered(house, { company: "АО Лопух", email: "leo@lopuh.example" }, "leo");
    expect(await command(olga, "mark-duplicate", { ofTicketId: other.ticketId })).toMatchObject({
      status: 422,
      body: { code: "other_customers_ticket", field: "ofTicketId" },
    });
    const [one, two] = [await registered(house), await registered(house)];
    const marked = await olga.post(
      `/v1/tickets/${two.ticketId}/commands/mark-duplicate`,
      { ofTicketId: one.number },
      { headers: { "docket-wait-position": one.position } },
    );
    expect(marked.body.events[0].data).toMatchObject({ ofTicketId: one.ticketId, ofNumber: one.number });
  });

  it("a change of the directory that leaves something out", async () => {
    const boss = await house.as("boss");
    const change = { organizationId: "lopuh", name: "АО Лопух", aliases: [], language: "en", zone: "Europe/Moscow" };
    expect(await boss.post("/v1/admin/commands/change-organization", change)).toMatchObject({
      status: 422,
      body: { code: "required", field: "region" },
    });
    expect((await boss.post("/v1/admin/commands/change-organization", { ...change, region: null })).status).toBe(200);
  });

  it("a command on a closed ticket", async () => {
    const { ticketId: closed } = await registered(house);
    expect((await anna.post(`/v1/tickets/${closed}/commands/withdraw`, {})).status).toBe(200);
    for (const [name, body] of [
      ["comment", { text: "x", visibility: "public" }],
      ["confirm", {}],
      ["escalate", { reason: "why" }],
    ] as const)
      expect(await anna.post(`/v1/tickets/${closed}/commands/${name}`, body)).toMatchObject({
        status: 409,
        body: { code: "ticket_closed" },
      });
  });

  it("a calendar without working time, overlapping hours, an unknown zone", async () => {
    const boss = await house.as("boss");
    const define = (calendarId: string, calendar: object) =>
      boss.post("/v1/admin/commands/define-calendar", {
        calendarId,
        name: "C",
        calendar,
        effectiveFrom: "2024-01-01T00:00:00.000Z",
      });
    expect((await define("never", { tz: "UTC", weeklyHours: {} })).status).toBe(200);
    const overlapping = await define("overlap", {
      tz: "UTC",
      weeklyHours: {
        mon: [
          ["09:00", "12:00"],
          ["11:00", "18:00"],
        ],
      },
    });
    expect(overlapping).toMatchObject({ status: 422 });
    expect(overlapping.body.code).toMatch(/overlap/);
    const zone = await define("mars", { tz: "Mars/Olympus", weeklyHours: { mon: [["09:00", "18:00"]] } });
    expect(zone).toMatchObject({ status: 422 });
    expect(zone.body.code).toMatch(/zone/);
  });
});

describe("an idempotency key", () => {
  it("with the same body gives the stored answer, with another one a coded refusal", async () => {
    const headers = { "idempotency-key": "form-1" };
    const first = await anna.post("/v1/contacts/portal", portalForm, { headers });
    const again = await anna.post("/v1/contacts/portal", portalForm, { headers });
    expect(again.body).toEqual(first.body);
    expect(again).toMatchObject({ status: 201 });
    expect(again.headers["idempotent-replayed"]).toBe("true");
    const other = await anna.post("/v1/contacts/portal", { ...portalForm, subject: "Other" }, { headers });
    expect(other).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
    const elsewhere = await anna.post(`/v1/tickets/${ticketId}/commands/comment`, portalForm, { headers });
    expect(elsewhere.body.code).not.toBe("internal");
    expect(
      (await (await house.as("boris")).post("/v1/contacts/portal", portalForm, { headers })).body.contactId,
    ).not.toBe(first.body.contactId);
    expect(
      (await anna.post("/v1/contacts/portal", portalForm, { headers: { "idempotency-key": "x".repeat(300) } })).body
        .code,
    ).toBe("idempotency_key_invalid");
  });

  it("of a command that was carried out but whose answer was lost finds the first outcome", async () => {
    const headers = { "idempotency-key": "comment-1" };
    const first = await command(anna, "comment", { text: "hello", visibility: "public" }, headers);
    await house.database.pool.query("delete from app.idempotency_keys");
    const again = await command(anna, "comment", { text: "hello", visibility: "public" }, headers);
    expect(again.body).toEqual({ ...first.body, repeated: true });
  });

  it("used many times at once carries the command out once", async () => {
    const before = await house.store.last(`ticket-${ticketId}`);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        command(anna, "comment", { text: "once", visibility: "public" }, { "idempotency-key": "comment-2" }),
      ),
    );
    expect(new Set(answers.map(({ body }) => body.revision))).toEqual(new Set([(before?.revision ?? 0) + 1]));
    expect((await house.store.last(`ticket-${ticketId}`))?.revision).toBe((before?.revision ?? 0) + 1);
  });
});

it("a query may not ask about the future, nor by a token of another query", async () => {
  const later = new Date(house.clock.now().getTime() + 60_000).toISOString();
  expect(await olga.get(`/v1/tickets?asOf=${later}`)).toMatchObject({
    status: 422,
    body: { code: "as_of_in_future", field: "asOf" },
  });
  expect(await olga.get("/v1/tickets?asOf=yesterday")).toMatchObject({
    status: 422,
    body: { code: "bad_format", field: "asOf" },
  });
  await registered(house).then(({ position }) =>
    olga.get("/v1/tickets", { headers: { "docket-wait-position": position } }),
  );
  const page = (await olga.get("/v1/tickets?limit=1")).body.nextPage as string;
  expect((await olga.get(`/v1/tickets?limit=1&page=${page}`)).status).toBe(200);
  for (const path of [
    `/v1/tickets?limit=1&status=closed&page=${page}`,
    `/v1/tickets?limit=1&sort=number&page=${page}`,
    `/v1/queues/all-open?page=${page}`,
    "/v1/tickets?page=abc",
    `/v1/tickets?limit=1&page=${page.slice(0, -2)}AA`,
  ])
    expect(await olga.get(path)).toMatchObject({ status: 400, body: { code: "page_token_invalid" } });
  expect((await (await house.as("maria")).get(`/v1/tickets?limit=1&page=${page}`)).body.code).toBe(
    "page_token_invalid",
  );
  expect((await olga.get("/v1/tickets?colour=red")).body).toMatchObject({ code: "unknown_field", field: "colour" });
  expect((await olga.get("/v1/tickets?sort=colour")).body).toMatchObject({ code: "not_allowed", field: "sort" });
  expect((await olga.get("/v1/tickets?limit=100000")).body).toMatchObject({ code: "out_of_range", field: "limit" });
});

it("a position that the read side does not reach in time is told so", async () => {
  const answer = await olga.get("/v1/tickets?wait=999999999999");
  expect(answer).toMatchObject({ status: 504, body: { code: "read_model_behind", position: "999999999999" } });
  expect(answer.headers["retry-after"]).toBe("1");
}, 20_000);

it("nobody gets in without proof of who he is", async () => {
  const nobody = session(house.app).anonymous;
  for (const path of ["/v1/tickets", "/v1/me", "/v1/queues", "/v1/live"])
    expect(await nobody.get(path)).toMatchObject({ status: 401, body: { code: "not_authenticated" } });
});
