import type { TicketRow } from "@docket/api-contract";
import { describe, expect, it } from "vitest";
import { takeFrame, type WindowFrame } from "./queue-data.ts";

const row = (id: string, revision = 1): TicketRow =>
  ({ ticketId: id, number: `SC-${id}`, revision }) as unknown as TicketRow;
const frame = (over: Partial<WindowFrame> & Pick<WindowFrame, "ids">): WindowFrame => ({
  total: 4,
  capped: false,
  offset: 0,
  upserts: [],
  ...over,
});
const range = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, at) => `t${from + at}`);

describe("a window of a list that moves", () => {
  it("knows each row in one place only, also when the order moved where it was not looked", () => {
    const first = takeFrame(null, frame({ ids: ["a", "b"], upserts: [row("a"), row("b")] }));
    const second = takeFrame(first, frame({ offset: 2, ids: ["b", "d"], upserts: [row("d")] }));
    expect([...second.order]).toEqual([
      [0, "a"],
      [2, "b"],
      [3, "d"],
    ]);
  });

  it("forgets the places of other stretches when the total changed or the order moved in sight", () => {
    const first = takeFrame(null, frame({ ids: ["a", "b"], upserts: [row("a"), row("b")] }));
    expect([...takeFrame(first, frame({ total: 5, offset: 2, ids: ["c"], upserts: [row("c")] })).order]).toEqual([
      [2, "c"],
    ]);
    expect([...takeFrame(first, frame({ offset: 1, ids: ["a", "c"], upserts: [row("c")] })).order]).toEqual([
      [1, "a"],
      [2, "c"],
    ]);
  });

  it("says which rows changed or came, but not those that are only scrolled to", () => {
    const first = takeFrame(null, frame({ ids: ["a", "b"], upserts: [row("a"), row("b")] }));
    expect(first.fresh.size).toBe(0);
    expect([...takeFrame(first, frame({ ids: ["a", "b"], upserts: [row("b", 2)] })).fresh.keys()]).toEqual(["b"]);
    expect(takeFrame(first, frame({ offset: 2, ids: ["c", "d"], upserts: [row("c"), row("d")] })).fresh.size).toBe(0);
    const more = takeFrame(first, frame({ total: 5, ids: ["n", "a"], upserts: [row("n")] }));
    expect([...more.fresh.keys()]).toEqual(["n"]);
  });

  it("keeps no more than it needs, however far one scrolls", () => {
    let known = takeFrame(
      null,
      frame({ total: 50_000, ids: range(0, 200), upserts: range(0, 200).map((id) => row(id)) }),
    );
    for (let offset = 200; offset < 20_000; offset += 200) {
      const ids = range(offset, offset + 200);
      known = takeFrame(known, frame({ total: 50_000, offset, ids, upserts: ids.map((id) => row(id)) }));
    }
    expect(known.order.size).toBeLessThan(3_000);
    expect(known.rows.size).toBeLessThanOrEqual(1_700);
    expect(known.rows.has("t19999")).toBe(true);
  });

  it("keeps the same calendars while nothing new is told of them, since every row depends on them", () => {
    const calendars = { m: { zone: "UTC", open: [["2026-11-23T06:00:00.000Z", "2026-11-23T15:00:00.000Z"]] as const } };
    const first = takeFrame(null, frame({ ids: ["a"], upserts: [row("a")], calendars }));
    const later = { m: { zone: "UTC", open: [["2026-11-23T09:00:00.000Z", "2026-11-23T15:00:00.000Z"]] as const } };
    expect(takeFrame(first, frame({ ids: ["a"], calendars: later })).calendars).toBe(first.calendars);
  });

  it("takes the place of what was kept on the machine", () => {
    const kept = { ...takeFrame(null, frame({ ids: ["old"], upserts: [row("old")] })), keptAt: 1 };
    const told = takeFrame(kept, frame({ ids: ["a"], upserts: [row("a")] }));
    expect(told.keptAt).toBeNull();
    expect([...told.order.values()]).toEqual(["a"]);
    expect(told.fresh.size).toBe(0);
  });
});
