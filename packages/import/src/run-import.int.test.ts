import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { evolveTicket, type Fact, type TicketEvent, type TicketState } from "@docket/domain";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importTexts, memoryStore, type MemoryStore, scratch } from "../test/harness.ts";

const read = (name: string): Buffer => readFileSync(new URL(`../mappings/${name}`, import.meta.url));
const sn = {
  mapping: read("servicenow-incident-log.yaml").toString(),
  data: read("samples/servicenow-incidents.csv").toString(),
};
const log = { mapping: read("state-changes.yaml").toString(), data: read("samples/state-changes.csv") };

let files: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => void (files = await scratch()));
afterEach(() => files.remove());

/** Streams without what differs between two runs: when they ran, and which file it was. */
function told({ streams }: MemoryStore): Map<string, unknown[]> {
  const plain = [...streams].map(([name, facts]): [string, unknown[]] => [
    name,
    facts.map(({ type, data, meta, revision }) => ({
      type,
      data,
      revision,
      at: [meta.occurredAt, meta.recordedAt],
      command: name.startsWith("ticket-") ? meta.commandId : null,
    })),
  ]);
  return new Map(plain.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function ticket({ streams }: MemoryStore, number: string): { state: TicketState; types: string[] } {
  for (const facts of streams.values()) {
    let state: TicketState | null = null;
    for (const fact of facts) state = evolveTicket(state, fact as Fact<TicketEvent>);
    if (state?.number === number) return { state, types: facts.map(({ type }) => type) };
  }
  throw new Error(`no ticket ${number}`);
}

describe("a real history of some tens of incidents", () => {
  it("is told row by row, each accounted for, with what the source judged beside ours", async () => {
    const memory = memoryStore();
    const { summary, report } = await importTexts(files, memory.store, sn.mapping, sn.data);
    expect(summary).toMatchObject({ rows: 259, tickets: 37, resumed: false, dryRun: false });
    expect(Object.values(summary.outcomes).reduce((sum, count) => sum + count, 0)).toBe(259);
    const closed = Map.groupBy(
      report.filter(({ code }) => code === "ticket_closed"),
      ({ outcome, field }) => `${outcome} ${field ?? ""}`,
    );
    expect([...closed].map(([what, entries]) => [what, entries.length]).toSorted()).toEqual([
      ["partly keep", 3],
      ["refused ", 14],
    ]);
    expect(report.filter(({ code }) => code === "time_went_back").map(({ row, ticket: key }) => [row, key])).toEqual([
      [expect.any(Number), "INC0000137"],
      [expect.any(Number), "INC0000137"],
    ]);
    expect(report.filter(({ code }) => code === "state_unknown").map(({ detail }) => detail)).toEqual(["-100", "-100"]);
    const theirs = summary.judgements
      .filter((one) => one.theirs === "missed")
      .reduce((sum, { count }) => sum + count, 0);
    expect(theirs).toBe(19);
    for (const [name, facts] of memory.streams)
      for (const fact of facts) {
        expect(fact.meta.provenance, `${name} ${fact.type}`).toMatchObject({
          source: "servicenow",
          file: summary.file,
        });
        expect(["TicketDeadlineWarned", "TicketEscalated", "TicketReminded"]).not.toContain(fact.type);
        expect(fact.meta.recordedAt <= "2017-03-01T00:00:00.000Z").toBe(true);
      }
    for (const facts of memory.streams.values()) {
      const times = facts.map(({ meta }) => meta.recordedAt);
      expect(times).toEqual(times.toSorted());
    }
  });

  it("is the same when it is imported again, in part before, gzipped, or in another order of tickets", async () => {
    const once = memoryStore();
    await importTexts(files, once.store, sn.mapping, sn.data);
    const expected = told(once);

    const again = await importTexts(files, once.store, sn.mapping, sn.data);
    expect(again.summary.events).toBe(0);
    expect(told(once)).toEqual(expected);

    const [header = "", ...rows] = sn.data.trimEnd().split("\n");
    const shuffled = [
      header,
      ...rows.toSorted((a, b) => (a.slice(0, 10) < b.slice(0, 10) ? 1 : a.slice(0, 10) > b.slice(0, 10) ? -1 : 0)),
    ].join("\r\n");
    const other = memoryStore();
    await importTexts(files, other.store, sn.mapping, gzipSync(Buffer.from(`\uFEFF${shuffled}`)));
    const ticketsOnly = (all: Map<string, unknown[]>) => [...all].filter(([name]) => name.startsWith("ticket-"));
    expect(ticketsOnly(told(other))).toEqual(ticketsOnly(expected));
  });

  it("that goes on in a later file is gone on with, whether or not that file repeats the beginning", async () => {
    const [header = "", ...rows] = sn.data.trimEnd().split("\n");
    const whole = memoryStore();
    await importTexts(files, whole.store, sn.mapping, sn.data);
    // Incidents that are open still after half of the rows.
    const half = rows.filter((_row, i) => i < 131);
    const number = half.at(-1)?.split(",")[0] ?? "";
    const rest = rows.filter((row, i) => i >= 131 || row.startsWith(number));
    const memory = memoryStore();
    await importTexts(files, memory.store, sn.mapping, [header, ...half].join("\n"), { work: "one" });
    const next = await importTexts(files, memory.store, sn.mapping, [header, ...rest].join("\n"), { work: "two" });
    expect(next.summary.outcomes.told_before).toBeGreaterThan(0);
    expect(ticket(memory, number).state.status).toBe(ticket(whole, number).state.status);
    const again = await importTexts(files, memory.store, sn.mapping, sn.data, { work: "three" });
    expect(
      again.report.filter(
        ({ code }) => !["ticket_closed", "state_unknown", "time_went_back", "fixed_at_registration"].includes(code),
      ),
    ).toEqual([]);
    expect(memory.streams.size).toBe(whole.streams.size);
  });

  it("may be broken off after any append and run again, with or without the work file: nothing is told twice", async () => {
    const whole = memoryStore();
    await importTexts(files, whole.store, sn.mapping, sn.data, { work: "whole" });
    const expected = told(whole);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (cuts, resume) => {
          const memory = memoryStore();
          const work = `run-${++run}`;
          for (const appends of cuts) {
            memory.allow(appends);
            await importTexts(files, memory.store, sn.mapping, sn.data, { work, resume }).catch((error: Error) => {
              if (error.message !== "killed") throw error;
            });
          }
          memory.allow(Infinity);
          await importTexts(files, memory.store, sn.mapping, sn.data, { work, resume });
          expect(told(memory)).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it("leaves nothing behind when it is only tried, and comes to the same", async () => {
    const memory = memoryStore();
    const dry = await importTexts(files, memory.store, sn.mapping, sn.data, { dryRun: true });
    expect(memory.streams.size).toBe(0);
    const alone = await importTexts(files, null, sn.mapping, sn.data, { dryRun: true, work: "alone" });
    const real = await importTexts(files, memory.store, sn.mapping, sn.data, { work: "real" });
    for (const { summary } of [dry, alone]) {
      expect(summary.outcomes).toEqual(real.summary.outcomes);
      expect(summary.events).toBe(real.summary.events);
      expect(summary.reasons).toEqual(real.summary.reasons);
    }
  });
});

describe("a change log with everything that real files have", () => {
  it("is told in the order of time, and what is wrong with it is said row by row", async () => {
    const memory = memoryStore();
    const { summary, report } = await importTexts(files, memory.store, log.mapping, log.data);
    const codes = report
      .map(({ row, code }) => `${row} ${code}`)
      .toSorted((a, b) => Number.parseInt(a) - Number.parseInt(b));
    expect(codes).toEqual([
      "2 ticket_closed",
      "7 time_invalid",
      "10 priority_not_allowed",
      "23 state_unknown",
      "48 encoding_fallback",
      "49 quote_not_closed",
      "50 columns_missing",
    ]);
    expect(Object.values(summary.outcomes).reduce((sum, count) => sum + count, 0)).toBe(summary.rows);
    expect(ticket(memory, "TRK-1")).toMatchObject({
      state: { status: "closed", closedBecause: "confirmed", subject: 'Printer jams, "again"', priority: "medium" },
    });
    // Work, the wait for the customer, work, the solution, the close.
    expect(
      ticket(memory, "TRK-1").types.filter((type) => /Accepted|Asked|Answered|Resolved|Confirmed/.test(type)),
    ).toEqual(["TicketAccepted", "TicketCustomerAsked", "TicketCustomerAnswered", "TicketResolved", "TicketConfirmed"]);
    expect(ticket(memory, "TRK-2").state).toMatchObject({ cycle: 2, status: "closed" });
    expect(ticket(memory, "TRK-4").state).toMatchObject({
      status: "result_confirmation",
      type: "change",
      confirmation: { autoCloseAt: null },
    });
    expect(ticket(memory, "TRK-5").state.closedBecause).toBe("withdrawn");
    expect(ticket(memory, "TRK-6").state).toMatchObject({ status: "in_work" });
    const people = [...memory.streams.values()].flat().filter(({ type }) => type === "StaffImported");
    expect(people.map(({ data }) => (data as { name: string }).name)).toContain("Ольга");
  });
});

describe("a file or mapping that cannot be used", () => {
  it.each([
    ["is empty", "", "file_empty"],
    ["lacks a column that the mapping names", "number,incident_state\n1,New\n", "mapping_invalid"],
    ["is cut-off gzip", gzipSync(Buffer.from(sn.data)).subarray(0, 4_000), "file_unreadable"],
  ])("because it %s is refused before anything is written", async (_name, data, code) => {
    const memory = memoryStore();
    await expect(importTexts(files, memory.store, sn.mapping, data)).rejects.toMatchObject({ code });
    expect(memory.streams.size).toBe(0);
  });

  it("names the line and column of a column that is not there, and the columns that are", async () => {
    const data = sn.data.replace("sys_updated_at", "updated");
    await expect(importTexts(files, null, sn.mapping, data, { dryRun: true })).rejects.toThrow(
      /line \d+, column \d+, ticket.rowTime: column_unknown.*updated/,
    );
  });

  it("does not mix two measures: another contract under the same source is refused", async () => {
    const memory = memoryStore();
    await importTexts(files, memory.store, sn.mapping, sn.data);
    const other = sn.mapping.replace("resolution: 24h", "resolution: 12h");
    await expect(importTexts(files, memory.store, other, sn.data, { work: "other" })).rejects.toMatchObject({
      code: "contract_differs",
    });
  });
});
