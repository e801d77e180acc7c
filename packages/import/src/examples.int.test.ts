import { readFileSync } from "node:fs";
import { evolveTicket, type Fact, type TicketEvent, type TicketState } from "@docket/domain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importTexts, inWindows1251, memoryStore, scratch } from "../test/harness.ts";
import { readMapping } from "./mapping-file.ts";
import { sketchMapping } from "./sketch.ts";

const page = readFileSync(new URL("../../../docs/import-examples.md", import.meta.url), "utf8");
const examples = page
  .split(/^## /m)
  .slice(1)
  .map((part) => ({
    title: part.split("\n")[0] ?? "",
    data: /```csv\n([^]*?)```/.exec(part)?.[1] ?? "",
    mapping: /```yaml\n([^]*?)```/.exec(part)?.[1] ?? "",
  }));

/** How each example comes out: its tickets' states, and what is reported. */
const expected: Readonly<
  Record<string, { readonly tickets: Readonly<Record<string, object>>; readonly report: unknown[] }>
> = {
  "Two columns tell the state": {
    tickets: {
      "1-364285768": { status: "closed", closedBecause: "confirmed", priority: "medium", assignment: { line: 3 } },
      "1-364286745": { status: "closed", closedBecause: "withdrawn", priority: "high", assignment: { line: 2 } },
    },
    report: [],
  },
  "Activities instead of states": {
    tickets: { IM0000004: { status: "closed", priority: "low" }, IM0000005: { status: "assigned" } },
    report: [[8, "key_missing"]],
  },
  "Only changes": {
    tickets: { "HELP-7": { status: "result_confirmation", priority: "high", subject: "HELP-7" } },
    report: [],
  },
  "A spreadsheet": {
    tickets: { "SC-000001": { status: "result_confirmation", subject: 'Пароль; "забыла"' } },
    report: [[3, "columns_extra"]],
  },
  "One row is a whole ticket": {
    tickets: {
      T100: { status: "closed", closedBecause: "confirmed", priority: "high" },
      T101: { status: "closed", closedBecause: "withdrawn" },
      T102: { status: "in_work" },
    },
    report: [],
  },
};

let files: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => void (files = await scratch()));
afterEach(() => files.remove());

describe("the examples of the documentation", () => {
  it("are all known here", () => expect(examples.map(({ title }) => title)).toEqual(Object.keys(expected)));

  it.each(examples)("$title: is taken as the page says", async ({ title, data, mapping }) => {
    const bytes = mapping.includes("windows-1251") ? inWindows1251(data) : data;
    const memory = memoryStore();
    const { summary, report } = await importTexts(files, memory.store, mapping, bytes);
    const tickets: Record<string, TicketState> = {};
    for (const [name, facts] of memory.streams) {
      if (!name.startsWith("ticket-")) continue;
      let state: TicketState | null = null;
      for (const fact of facts) state = evolveTicket(state, fact as Fact<TicketEvent>);
      if (state !== null) tickets[state.number] = state;
    }
    expect(tickets).toMatchObject(expected[title]?.tickets ?? {});
    expect(Object.keys(tickets)).toHaveLength(Object.keys(expected[title]?.tickets ?? {}).length);
    expect(report.map(({ row, code }) => [row, code])).toEqual(expected[title]?.report);
    expect(Object.values(summary.outcomes).reduce((sum, count) => sum + count, 0)).toBe(summary.rows);
  });

  it.each(examples)(
    "$title: a sketch of it finds key, time and state as the page has them",
    async ({ data, mapping }) => {
      const bytes = mapping.includes("windows-1251") ? inWindows1251(data) : data;
      const sketched = readMapping(await sketchMapping(await files.put("sketched.csv", bytes))).mapping;
      const ours = readMapping(mapping).mapping;
      expect(sketched.file).toMatchObject({ encoding: ours.file.encoding, delimiter: ours.file.delimiter });
      expect([sketched.ticket.key, sketched.ticket.rowTime]).toEqual([ours.ticket.key, ours.ticket.rowTime]);
      expect([sketched.status.column, sketched.status.text]).toEqual([ours.status.column, ours.status.text]);
      expect(sketched.changes?.from).toBe(ours.changes?.from);
    },
  );
});
