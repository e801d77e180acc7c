import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allRoutes } from "@docket/api-contract";
import { openHouse, type House } from "../../test/house.ts";
import { portalForm, registered } from "../../test/tickets.ts";
import type { Session } from "../../test/session.ts";

/**
 * Two customers. Everything of romashka's carries a mark; leo of lopuh, lopuh's monitoring and a machine without a customer walk
 * through every address that can be read, under every filter and order, and must meet none of it.
 */
const mark = "ZZMARKZZ";
let house: House;
let theirs: { ticketId: string; number: string; contactId: string };
let file: string;
let internalFile: string;
let outsiders: Record<string, Session>;
let moment: string;

beforeAll(async () => {
  house = await openHouse();
  const [anna, olga, ivan] = await Promise.all([house.as("anna"), house.as("olga"), house.as("ivan")]);
  const upload = async (who: Session, name: string, content: string) =>
    (
      await who.post(`/v1/attachments?name=${name}`, undefined, {
        raw: content,
        headers: { "content-type": "application/octet-stream" },
      })
    ).body;
  const attachment = await upload(anna, `${mark}.txt`, `${mark} log`);
  file = attachment.sha256;
  theirs = await registered(house, {
    subject: `${mark} VPN`,
    description: mark,
    attachments: [attachment],
    region: mark,
  });
  const act = async (who: Session, name: string, body: object) => {
    const answer = await who.post(`/v1/tickets/${theirs.ticketId}/commands/${name}`, body);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body as { position: string };
  };
  const note = await upload(ivan, `${mark}-internal.txt`, `${mark} internal`);
  internalFile = note.sha256;
  await act(olga, "classify", { type: "incident", priority: "high" });
  await act(olga, "assign", {});
  await act(ivan, "accept", {});
  await act(ivan, "comment", { text: `${mark} INTERNALNOTE`, visibility: "internal", attachments: [note] });
  await act(ivan, "hand-over", { toLine: 3, groupId: "l3", reason: `${mark} HANDOVERREASON` });
  const other = await registered(
    house,
    { company: "АО Лопух", email: "leo@lopuh.example", contactPerson: "Leo", subject: "Our own" },
    "leo",
  );
  house.clock.advanceBy(3_600_000);
  const { position } = await act(anna, "comment", { text: mark, visibility: "public" });
  moment = new Date(house.clock.now().getTime() - 1_000).toISOString();
  await olga.get("/v1/me", { headers: { "docket-wait-position": position } });
  expect(other.number).not.toBe(theirs.number);
  outsiders = {
    "a person of another customer": await house.as("leo"),
    "another customer's machine": await house.token(
      "machine",
      ["read", "command", "intake", "admin", "audit"],
      "lopuh",
    ),
    "a machine of no customer": await house.token("machine", ["read", "command", "intake", "admin", "audit"]),
  };
});
afterAll(() => house.close());

/** Every way to fill an address that is read, with what belongs to romashka. */
function addresses(): string[] {
  const values: Record<string, string[]> = {
    ticket: [theirs.ticketId, theirs.number],
    contactId: [theirs.contactId],
    sha256: [file, internalFile],
    view: [
      "unassigned",
      "my-line",
      "mine",
      "due-soon",
      "missed",
      "waiting",
      "under-control",
      "confirmation",
      "closed",
      "all-open",
    ],
    id: ["romashka", "c-1", "anna", "ivan", "net", "msk", "routing-rules", "plan-1"],
  };
  const filled = allRoutes.flatMap((route) => {
    if (route.method !== "GET") return [];
    let paths = [route.path];
    for (const [, name] of route.path.matchAll(/\{(\w+)\}/g))
      paths = paths.flatMap((path) => (values[name!] ?? []).map((value) => path.replace(`{${name}}`, value)));
    return paths.flatMap((path) =>
      variants(route.query as { shape?: Record<string, unknown> } | undefined).map((query) => path + query),
    );
  });
  expect(filled.length).toBeGreaterThan(150);
  return filled;
}

function variants(query: { shape?: Record<string, unknown> } | undefined): string[] {
  const shape = query?.shape ?? {};
  const all = [""];
  if ("asOf" in shape) all.push(`?asOf=${moment}`);
  if ("q" in shape) all.push(`?q=${mark}`, "?q=SC-", "?q=romashka");
  if ("count" in shape) all.push("?count=true&limit=500");
  for (const name of Object.keys(shape)) {
    if (name === "organizationId") all.push("?organizationId=romashka", "?organizationId=romashka,lopuh");
    if (name === "sort") all.push("?sort=-receivedAt", "?sort=-registeredAt", "?sort=name");
    if (name === "number") all.push(`?number=${theirs.number}`);
    if (name === "ticketId") all.push(`?ticketId=${theirs.ticketId}`);
    if (name === "stream") all.push(`?stream=ticket-${theirs.ticketId}`);
    if (name === "limit" && !("sort" in shape)) all.push("?limit=10");
  }
  return all;
}

const traces = (): RegExp =>
  new RegExp([mark, theirs.ticketId, theirs.contactId, "romashka", "Ромашк", "KEY-0017", "Анна", "СЦ-2024"].join("|"));

describe("isolation", () => {
  it.each(["a person of another customer", "another customer's machine", "a machine of no customer"])(
    "%s never meets anything of another's, whatever he asks",
    async (name) => {
      const who = outsiders[name] as Session;
      for (const path of addresses()) {
        const answer = await who.get(path);
        const met = answer.raw
          .toString()
          .replaceAll(path.split("?")[0] as string, "")
          .match(traces());
        expect({ path, met, server: answer.status >= 500 }).toEqual({ path, met: null, server: false });
      }
    },
  );

  it("an outsider's commands on another's ticket, contact or file find nothing", async () => {
    for (const who of Object.values(outsiders)) {
      for (const [path, body] of [
        [`/v1/tickets/${theirs.ticketId}/commands/comment`, { text: "x", visibility: "public" }],
        [`/v1/tickets/${theirs.number}/commands/withdraw`, {}],
        [`/v1/tickets/${theirs.ticketId}/commands/escalate`, { reason: "x" }],
        [`/v1/tickets/${theirs.ticketId}/rating`, { score: 1 }],
        [`/v1/contacts/${theirs.contactId}/reject`, { reason: "x" }],
      ] as const) {
        const answer = await who.post(path, body);
        expect([403, 404]).toContain(answer.status);
      }
    }
    const leo = outsiders["a person of another customer"] as Session;
    const steal = await leo.post("/v1/contacts/portal", {
      ...portalForm,
      company: "АО Лопух",
      email: "leo@lopuh.example",
      attachments: [{ sha256: file, name: "mine.txt", size: 1, mediaType: "text/plain" }],
    });
    expect(steal).toMatchObject({ status: 422, body: { code: "attachment_unknown", field: "attachments.0" } });
  });
});

describe("a customer's own people", () => {
  it("see their ticket, and of the service centre's own business nothing", async () => {
    const anna = await house.as("anna");
    const inner =
      /INTERNALNOTE|HANDOVERREASON|olaDeadline|olaState|groupId|routedBy|rulesVersion|"ola"|KEY-0017|supportKeys|"chain"|internal/;
    for (const path of addresses()) {
      const answer = await anna.get(path);
      const met = answer.raw.toString().match(inner);
      expect({ path, met, server: answer.status >= 500 }).toEqual({ path, met: null, server: false });
    }
    expect((await anna.get(`/v1/tickets/${theirs.ticketId}`)).body).toMatchObject({
      subject: `${mark} VPN`,
      details: { attachments: [{ name: `${mark}.txt` }] },
    });
    expect((await anna.get(`/v1/tickets/${theirs.ticketId}/attachments/${file}`)).raw.toString()).toBe(`${mark} log`);
    expect((await anna.get(`/v1/tickets/${theirs.ticketId}/attachments/${internalFile}`)).status).toBe(404);
    expect(
      (await (await house.as("olga")).get(`/v1/tickets/${theirs.ticketId}/attachments/${internalFile}`)).status,
    ).toBe(200);
  });

  it("may not filter or sort by what they do not see", async () => {
    const anna = await house.as("anna");
    for (const query of [
      "groupId=net",
      "line=3",
      "olaState=missed",
      "handOvers=1",
      "underControl=true",
      "nextDeadline.from=2024-01-01T00:00:00Z",
    ])
      expect(await anna.get(`/v1/tickets?${query}`)).toMatchObject({ status: 422, body: { code: "unknown_field" } });
    for (const sort of ["nextDeadline", "-olaDeadline", "groupId", "line"])
      expect((await anna.get(`/v1/tickets?sort=${sort}`)).body).toMatchObject({ code: "not_allowed", field: "sort" });
  });

  it("may not write an internal note, and get no staff's commands", async () => {
    const anna = await house.as("anna");
    const path = `/v1/tickets/${theirs.ticketId}/commands`;
    expect((await anna.post(`${path}/comment`, { text: "x", visibility: "internal" })).body).toMatchObject({
      code: "forbidden",
      field: "visibility",
    });
    for (const [name, body] of [
      ["classify", { type: "incident", priority: "low" }],
      ["assign", {}],
      ["accept", {}],
      ["resolve", { solution: "x" }],
      ["log-call", { direction: "incoming", with: "x", summary: "y", seconds: 1 }],
    ] as const)
      expect(await anna.post(`${path}/${name}`, body)).toMatchObject({ status: 403, body: { code: "forbidden" } });
  });
});

it("roles: the journal and replays are the auditor's, administration the administrator's, reading also the analyst's", async () => {
  const status = async (login: string, path: string) => (await (await house.as(login)).get(path)).status;
  const everybody = ["anna", "olga", "ivan", "elena", "maria", "ana", "boss", "audit"];
  const allowed = async (path: string) => {
    const seen = await Promise.all(everybody.map(async (login) => [login, await status(login, path)] as const));
    return seen.flatMap(([login, code]) => (code === 200 ? [login] : []));
  };
  expect(await allowed("/v1/journal")).toEqual(["audit"]);
  expect(await allowed(`/v1/tickets/${theirs.ticketId}/replay`)).toEqual(["audit"]);
  expect(await allowed("/v1/admin/accounts")).toEqual(["boss"]);
  expect(await allowed("/v1/tickets")).toEqual(everybody);
  expect(await allowed("/v1/staff")).toEqual(["olga", "ivan", "elena", "maria", "ana", "boss", "audit"]);
  expect(await allowed(`/v1/tickets/${theirs.ticketId}/routing`)).toEqual([
    "olga",
    "ivan",
    "elena",
    "maria",
    "ana",
    "boss",
    "audit",
  ]);
});
