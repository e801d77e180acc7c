import { expect, it } from "vitest";
import { ticketStatuses } from "@docket/domain";
import { request } from "../request.ts";
import type { Stand } from "../stand.ts";

export const title = "the demo's tickets";

export function scenes(stand: () => Stand): void {
  it("stand in every state of the life cycle, and were closed in every way", async () => {
    const some = async (filter: string): Promise<number> =>
      ((await request(stand(), "olga", "GET", `/tickets?${filter}&limit=1`)) as { items: unknown[] }).items.length;
    const missing: string[] = [];
    for (const status of ticketStatuses) if ((await some(`status=${status}`)) === 0) missing.push(status);
    for (const because of ["confirmed", "auto_closed", "withdrawn", "duplicate"])
      if ((await some(`closedBecause=${because}`)) === 0) missing.push(because);
    expect(missing).toEqual([]);
  });

  it("come with texts that are ready for answers, in both languages", async () => {
    const { items } = (await request(stand(), "olga", "GET", "/templates")) as { items: { language: string }[] };
    expect(new Set(items.map(({ language }) => language))).toEqual(new Set(["ru", "en"]));
  });
}
