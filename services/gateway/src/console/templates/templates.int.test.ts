import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../../test/house.ts";
import { registered } from "../../../test/tickets.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

describe("reply templates", () => {
  it("are written by those who look after the desk, used by staff, and keep every version", async () => {
    const [maria, ivan, anna] = await Promise.all(["maria", "ivan", "anna"].map((login) => house.as(login)));
    const text =
      "Здравствуйте, {{requester.name}}! По {{ticket.number}} «{{ticket.subject}}»: {{ask:срок}}. {{me.name}}";
    const created = await maria!.post("/v1/templates", { name: "Срок", language: "ru", kind: "reply", body: text });
    expect(created).toMatchObject({ status: 201, body: { revision: 0, active: true } });
    expect(created.body.fields).toEqual(["requester.name", "ticket.number", "ticket.subject", "ask:срок", "me.name"]);
    const path = `/v1/templates/${created.body.templateId}`;

    const { ticketId, number, position } = await registered(house);
    const filled = await ivan!.post(
      `${path}/fill`,
      { ticket: number },
      { headers: { "docket-wait-position": position } },
    );
    expect(filled.body).toEqual({
      text: `Здравствуйте, Анна Заказчикова! По ${number} «VPN down»: {{ask:срок}}. Иван Инженеров`,
      missing: [],
      asks: ["срок"],
    });
    // before it is saved it can be tried on a ticket
    const tried = { language: "en", body: "{{ticket.number}}, {{engineer.name}}: {{ask:when}}", ticket: number };
    expect((await maria!.post("/v1/templates/preview", tried)).body).toEqual({
      text: `${number}, {{engineer.name}}: {{ask:when}}`,
      missing: ["engineer.name"],
      asks: ["when"],
    });
    expect((await maria!.post("/v1/templates/preview", { ...tried, ticket: "SC-999999" })).body.code).toBe(
      "ticket_not_found",
    );
    await maria!.patch(path, { body: "{{engineer.name}}: {{deadline}}", revision: 0 });
    const second = await ivan!.post(`${path}/fill`, { ticket: ticketId });
    expect(second.body).toMatchObject({ missing: ["engineer.name"] });
    expect(second.body.text).toContain("2024");

    expect(await maria!.patch(path, { name: "x", revision: 0 })).toMatchObject({
      status: 412,
      body: { code: "changed_meanwhile", currentRevision: 1 },
    });
    expect((await maria!.patch(path, { active: false, revision: 1 })).body).toMatchObject({ active: false });
    expect((await ivan!.get("/v1/templates")).body.items).toEqual([]);
    expect((await ivan!.get("/v1/templates?all=true")).body.items).toMatchObject([{ revision: 2 }]);
    expect((await ivan!.get(`${path}/history`)).body.items).toMatchObject([
      { revision: 2, active: false },
      { revision: 1, body: "{{engineer.name}}: {{deadline}}" },
      { revision: 0, body: text, changedBy: { id: "maria" } },
    ]);

    expect((await ivan!.post("/v1/templates", { name: "x", language: "ru", kind: "note", body: "x" })).body.code).toBe(
      "forbidden",
    );
    for (const address of ["/v1/templates", `${path}/history`])
      expect((await anna!.get(address)).body.code).toBe("forbidden");
    for (const [address, body] of [
      [`${path}/fill`, { ticket: number }],
      ["/v1/templates/preview", tried],
    ] as const)
      expect((await anna!.post(address, body)).body.code).toBe("forbidden");
  });

  it("name no field that there is not", async () => {
    const maria = await house.as("maria");
    for (const body of ["{{ticket.secret}}", "{{ }}", "{{constructor}}"])
      expect(
        (await maria.post("/v1/templates", { name: "x", language: "ru", kind: "reply", body })).body,
      ).toMatchObject({ code: "template_field_unknown", field: "body" });
    expect(
      (await maria.post("/v1/templates/preview", { language: "ru", body: "{{ticket.secret}}", ticket: "SC-1" })).body,
    ).toMatchObject({ code: "template_field_unknown", field: "body", errors: [{ field: "body" }] });
    expect(
      (await maria.post("/v1/templates", { name: "x", language: "de", kind: "reply", body: "x" })).body,
    ).toMatchObject({ code: "not_allowed", field: "language" });
  });
});
