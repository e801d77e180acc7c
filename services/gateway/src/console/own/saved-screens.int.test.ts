import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../../test/house.ts";
import type { Session } from "../../../test/session.ts";

let house: House;
let analyst: Session;
let manager: Session;
let auditor: Session;
beforeAll(async () => {
  house = await openHouse();
  [analyst, manager, auditor] = (await Promise.all(["ana", "maria", "audit"].map((login) => house.as(login)))) as [
    Session,
    Session,
    Session,
  ];
});
afterAll(() => house.close());

const names = async (who: Session, area: string): Promise<string[]> =>
  (await who.get(`/v1/saved-screens?area=${area}`)).body.items.map(({ name }: { name: string }) => name);

describe("saved screens", () => {
  it("keep a question under a name, for oneself or for all of the area, and replace it under the same name", async () => {
    const first = await analyst.post("/v1/saved-screens", {
      area: "dashboard",
      name: "Weekly",
      search: { days: "7", panels: "trend,flow" },
    });
    expect(first).toMatchObject({ status: 201, body: { own: true, shared: false, search: { days: "7" } } });
    expect(await names(manager, "dashboard")).toEqual([]);
    const again = await analyst.post("/v1/saved-screens", {
      area: "dashboard",
      name: "Weekly",
      search: { days: "30" },
      shared: true,
    });
    expect(again.body).toMatchObject({ screenId: first.body.screenId, search: { days: "30" }, shared: true });
    const seen = (await manager.get("/v1/saved-screens?area=dashboard")).body.items;
    expect(seen).toMatchObject([{ name: "Weekly", own: false }]);
    expect(seen[0].owner.length).toBeGreaterThan(0);
    expect(await names(analyst, "report")).toEqual([]);
  });

  it("belong to who saved them and to who has the area", async () => {
    const { body } = await analyst.post("/v1/saved-screens", {
      area: "report",
      name: "Mine",
      search: {},
      shared: true,
    });
    const path = `/v1/saved-screens/${body.screenId}`;
    expect((await manager.delete(path)).status).toBe(403);
    expect((await auditor.delete(path)).status).toBe(404);
    expect((await auditor.get("/v1/saved-screens?area=report")).status).toBe(403);
    expect((await analyst.post("/v1/saved-screens", { area: "trail", name: "x", search: {} })).status).toBe(403);
    expect((await auditor.post("/v1/saved-screens", { area: "trail", name: "x", search: {} })).status).toBe(201);
    expect((await analyst.delete(path)).status).toBe(204);
    expect(await names(manager, "report")).toEqual([]);
  });

  it("refuse what is no address", async () => {
    for (const search of [{ "no word": "x" }, { a: "x".repeat(501) }, { a: 1 }])
      expect((await analyst.post("/v1/saved-screens", { area: "report", name: "x", search })).status).toBe(422);
  });
});
