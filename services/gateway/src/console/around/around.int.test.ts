import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../../test/house.ts";
import { registered } from "../../../test/tickets.ts";

let house: House;
const made: Record<string, { ticketId: string; number: string }> = {};
let position = "0";
const at = (login: string, path: string) =>
  house.as(login).then((who) => who.get(path, { headers: { "docket-wait-position": position } }));

beforeAll(async () => {
  house = await openHouse();
  for (const [name, subject, description] of [
    ["printer", "Принтер не печатает", "На втором этаже принтер печатает пустые страницы"],
    ["printers", "Пустые страницы", "Печать на принтерах бухгалтерии выходит пустой страницей"],
    ["vpn", "VPN tunnel is down", "The tunnel to the warehouse breaks every half an hour"],
    ["tunnels", "Warehouse unreachable", "All VPN tunnels break"],
  ] as const) {
    const { ticketId, number, position: last } = await registered(house, { subject, description, product: name });
    made[name] = { ticketId, number };
    position = last;
  }
  const theirs = await registered(
    house,
    {
      company: "АО Лопух",
      email: "leo@lopuh.example",
      contactPerson: "Leo",
      subject: "Принтер пустая страница",
      description: "—",
    },
    "leo",
  );
  made["theirs"] = theirs;
  position = theirs.position;
});
afterAll(() => house.close());

const names = (items: { ticketId: string }[]) =>
  items.map(({ ticketId }) => Object.keys(made).find((name) => made[name]!.ticketId === ticketId));

describe("similar tickets", () => {
  it("are found by the forms of words in both languages, the likest first", async () => {
    const found = async (login: string, q: string, more = "") =>
      names((await at(login, `/v1/similar-tickets?q=${encodeURIComponent(q)}${more}`)).body.items);
    expect((await found("olga", "принтеры печатают пустую страницу")).toSorted()).toEqual(
      ["printer", "printers", "theirs"].toSorted(),
    );
    expect(await found("olga", "the tunnels are breaking")).toContain("vpn");
    expect((await found("olga", "tunnel")).toSorted()).toEqual(["tunnels", "vpn"]);
    expect(await found("olga", "принтер", "&organizationId=lopuh")).toEqual(["theirs"]);
    expect(await found("anna", "принтер пустая страница")).not.toContain("theirs");
    expect(await found("leo", "принтер пустая страница")).toEqual(["theirs"]);
    expect(await found("olga", "и на the !!! & | :*")).toEqual([]);
    expect((await at("olga", "/v1/similar-tickets")).body).toMatchObject({ code: "required", field: "q" });
  });

  it("stand beside a ticket with its links both ways and the requester's others; customers see no links", async () => {
    const { printer, vpn } = made as Record<"printer" | "vpn", { ticketId: string }>;
    const linked = await (
      await house.as("olga")
    ).post(`/v1/tickets/${printer.ticketId}/commands/link`, { toTicketId: vpn.ticketId, kind: "blocks" });
    position = linked.body.position;
    const one = (await at("olga", `/v1/tickets/${printer.ticketId}/related`)).body;
    expect(one.links).toMatchObject([{ ticketId: vpn.ticketId, kind: "blocks", direction: "out" }]);
    expect(names(one.similar)[0]).toBe("printers");
    expect(names(one.similar)).not.toContain("theirs");
    expect(names(one.sameRequester).toSorted()).toEqual(["printers", "tunnels", "vpn"]);
    const other = (await at("olga", `/v1/tickets/${vpn.ticketId}/related`)).body;
    expect(other.links).toMatchObject([{ ticketId: printer.ticketId, direction: "in" }]);
    expect((await at("anna", `/v1/tickets/${vpn.ticketId}/related`)).body.links).toEqual([]);
    expect((await at("leo", `/v1/tickets/${vpn.ticketId}/related`)).status).toBe(404);
  });
});

describe("a search in a list", () => {
  it("finds parts of words in number, subject, requester and product, as before, by an index", async () => {
    const found = async (q: string) => names((await at("olga", `/v1/tickets?q=${encodeURIComponent(q)}`)).body.items);
    expect((await found("ПРИНТ")).toSorted()).toEqual(["printer", "theirs"]);
    expect(await found(made["vpn"]!.number.slice(-4))).toContain("vpn");
    expect(await found("tunnel vpn")).toContain("vpn");
    expect(await found("заказчик")).toContain("vpn");
    expect(await found("100%_")).toEqual([]);
    await (
      await house.as("olga")
    )
      .post(`/v1/tickets/${made["vpn"]!.ticketId}/commands/classify`, {
        type: "incident",
        priority: "high",
        product: "Континент",
      })
      .then(({ body }) => (position = body.position));
    expect((await found("континент")).toSorted()).toEqual(["theirs", "vpn"]);
    expect(await found("warehouse unreach")).toEqual(["tunnels"]);
  });
});

describe("the mails of a ticket", () => {
  it("show staff what was sent and what became of it, a customer his own, and outsiders nothing", async () => {
    const { ticketId } = made["vpn"]!;
    const mail = (place: number, to: string, status: string) =>
      house.database.pool.query(
        `insert into app.outbox (id, kind, cause_event_id, ticket_id, to_address, message_id, subject, body_text, status,
         attempts, next_attempt_at, created_at, sent_at, last_error)
         values (gen_random_uuid(), 'TicketRegistered:customer', gen_random_uuid(), $1, $2, $3, 'Subject', 'Words', $4, 1,
         now(), now(), null, 'refused by the other side')`,
        [ticketId, to, `<${place}@x>`, status],
      );
    await mail(1, "anna@romashka.example", "sent");
    await mail(2, "ivan@docket.example", "failed");
    const staff = (await at("olga", `/v1/tickets/${ticketId}/mails`)).body.items;
    expect(staff).toMatchObject([
      { to: "ivan@docket.example", status: "failed", error: "refused by the other side", text: "Words" },
      { to: "anna@romashka.example", status: "sent" },
    ]);
    const newest = (await at("olga", `/v1/tickets/${ticketId}/mails?limit=1`)).body;
    expect(newest.items).toEqual([staff[0]]);
    const before = (await at("olga", `/v1/tickets/${ticketId}/mails?limit=1&page=${newest.nextPage}`)).body;
    expect(before).toMatchObject({ items: [staff[1]], nextPage: staff.length > 2 ? expect.any(String) : null });
    const anna = (await at("anna", `/v1/tickets/${ticketId}/mails`)).body.items;
    expect(anna.map(({ to }: { to: string }) => to)).toEqual(["anna@romashka.example"]);
    expect(anna[0]).not.toHaveProperty("text");
    expect((await at("leo", `/v1/tickets/${ticketId}/mails`)).status).toBe(404);
    const log = (await at("boss", `/v1/mails?status=failed`)).body;
    expect(log.items).toMatchObject([{ ticketId, status: "failed" }]);
    const first = (await at("boss", "/v1/mails?limit=1")).body;
    expect((await at("boss", `/v1/mails?limit=1&page=${first.nextPage}`)).body.items).toMatchObject([
      { status: "sent" },
    ]);
    expect((await at("anna", "/v1/mails")).body.code).toBe("forbidden");
    expect((await at("boss", "/v1/mails?status=lost")).body).toMatchObject({ code: "not_allowed", field: "status" });
  });

  it("come to a customer page by page, his own on each of them and no other's", async () => {
    const { ticketId } = made["tunnels"]!;
    // A page is cut from all the letters of the ticket: one may hold few of his, or none, and the next one still follows.
    const to = ["anna", "ivan", "boss", "ivan", "ivan", "anna", "boss", "anna"] as const;
    const address = {
      anna: "anna@romashka.example",
      ivan: "ivan@docket.example",
      boss: "boss@romashka.example",
    } as const;
    for (const [place, name] of to.entries())
      await house.database.pool.query(
        `insert into app.outbox (id, kind, cause_event_id, ticket_id, to_address, message_id, subject, body_text, status,
         attempts, next_attempt_at, created_at, sent_at, last_error)
         values (gen_random_uuid(), 'TicketRegistered:customer', gen_random_uuid(), $1, $2, $3, $4, 'Words', 'sent', 1,
         now(), now(), null, null)`,
        [ticketId, address[name], `<paged-${place}@x>`, `Letter ${place}`],
      );
    interface Mail {
      readonly to: string;
      readonly messageId: string;
    }
    const pagesOf = async (login: string): Promise<Mail[][]> => {
      const pages: Mail[][] = [];
      let next: string | null = "";
      while (next !== null) {
        const page: string = next === "" ? "" : `&page=${next}`;
        const { body } = await at(login, `/v1/tickets/${ticketId}/mails?limit=2${page}`);
        pages.push(body.items);
        next = body.nextPage;
      }
      return pages;
    };
    const placed = (pages: readonly Mail[][]) =>
      pages.map((page) => page.map(({ messageId }) => messageId).filter((id) => id.startsWith("<paged-")));
    expect(placed(await pagesOf("olga")).slice(0, 4)).toEqual([
      ["<paged-7@x>", "<paged-6@x>"],
      ["<paged-5@x>", "<paged-4@x>"],
      ["<paged-3@x>", "<paged-2@x>"],
      ["<paged-1@x>", "<paged-0@x>"],
    ]);
    const his = await pagesOf("anna");
    expect(placed(his).slice(0, 4)).toEqual([["<paged-7@x>"], ["<paged-5@x>"], [], ["<paged-0@x>"]]);
    for (const mail of his.flat()) {
      expect(mail.to).toBe(address.anna);
      expect(mail).not.toHaveProperty("text");
      expect(mail).not.toHaveProperty("error");
    }
    // an address of a page is no way around it
    const foreign = (await at("olga", `/v1/tickets/${ticketId}/mails?limit=1`)).body.nextPage as string;
    expect((await at("anna", `/v1/tickets/${ticketId}/mails?limit=1&page=${foreign}`)).body.items).toEqual([]);
    expect((await at("leo", `/v1/tickets/${ticketId}/mails?limit=1&page=${foreign}`)).status).toBe(404);
  });
});
