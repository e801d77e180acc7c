import { expect, it } from "vitest";
import { ticketStatuses } from "@docket/domain";
import { request } from "../request.ts";
import type { Stand } from "../stand.ts";

export const title = "the demo's tickets";

export function scenes(stand: () => Stand): void {
  it("stand in every state of the life cycle, and were closed in every way", async () => {
    const some = async (filter: string): Promise<number> =>
      ((await request(stand(), "olga", "GET", `/tickets?${filter}&limit=1`)) as { items: unknown[] }).items.length;
    const missing = async (): Promise<string[]> => {
      const none: string[] = [];
      for (const status of ticketStatuses) if ((await some(`status=${status}`)) === 0) none.push(status);
      for (const because of ["confirmed", "auto_closed", "withdrawn", "duplicate"])
        if ((await some(`closedBecause=${because}`)) === 0) none.push(because);
      return none;
    };
    // what closes by itself does so a moment after the demo is told
    await expect.poll(missing, { timeout: 20_000 }).toEqual([]);
  });

  it("come with texts that are ready for answers, in both languages", async () => {
    const { items } = (await request(stand(), "olga", "GET", "/templates")) as { items: { language: string }[] };
    expect(new Set(items.map(({ language }) => language))).toEqual(new Set(["ru", "en"]));
  });
}
