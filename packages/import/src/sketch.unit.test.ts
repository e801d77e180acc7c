import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scratch } from "../test/harness.ts";
import { readMapping } from "./mapping-file.ts";
import { sketchMapping } from "./sketch.ts";

const sample = (name: string): string => fileURLToPath(new URL(`../mappings/samples/${name}`, import.meta.url));
let files: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => void (files = await scratch()));
afterEach(() => files.remove());

describe("a sketch of a mapping", () => {
  it("of a log of snapshots is a mapping, and says of the columns what the ready one says", async () => {
    const { mapping } = readMapping(await sketchMapping(sample("servicenow-incidents.csv")));
    const ready = readMapping(
      readFileSync(new URL("../mappings/servicenow-incident-log.yaml", import.meta.url), "utf8"),
    ).mapping;
    for (const name of ["key", "rowTime", "openedAt", "group", "person"] as const)
      expect(mapping.ticket[name], name).toEqual(ready.ticket[name]);
    expect(mapping.time).toEqual(ready.time);
    expect(mapping.file.missing).toEqual(ready.file.missing);
    expect(mapping.status.column).toBe("incident_state");
    expect(mapping.status.values).toMatchObject({
      New: "new",
      Resolved: "resolved",
      "Awaiting User Info": "waiting_customer",
    });
    expect(mapping.judgement).toMatchObject({ column: "made_sla", met: ["true"], missed: ["false"] });
  });

  it("of a change log finds the states among the changes, two forms of times, and the delimiter", async () => {
    const { mapping } = readMapping(await sketchMapping(sample("state-changes.csv")));
    expect(mapping.file).toMatchObject({ delimiter: ";", encoding: "utf-8", fallbackEncoding: "windows-1251" });
    expect(mapping.time.formats).toEqual(["iso", "d.M.yyyy HH:mm"]);
    expect(mapping.changes).toMatchObject({
      field: "field",
      to: "new_value",
      names: { Status: "status", Team: "group" },
    });
    expect(mapping.status.values).toMatchObject({
      Open: "new",
      "Waiting for Reporter": "waiting_customer",
      Done: "closed",
    });
  });

  it("of a file without a header, in Russian, with tabs and epoch seconds", async () => {
    const rows = [
      "17\t1709661600\tНовая\tЖдём заказчика",
      "17\t1709665200\tЗакрыта\tИванов",
      "18\t1709665300\tНовая\tПетров",
    ];
    const path = await files.put("x.tsv", rows.join("\n"));
    const text = await sketchMapping(path);
    expect(text).toContain("delimiter: tab");
    expect(text).toContain("header: false");
    expect(text).toContain("columns: [column1, column2, column3, column4]");
    expect(text).toContain("epoch-seconds");
  });

  it("of nothing is refused", async () => {
    await expect(sketchMapping(await files.put("empty.csv", ""))).rejects.toMatchObject({ code: "file_empty" });
    await expect(sketchMapping("no-such-file.csv")).rejects.toMatchObject({ code: "file_unreadable" });
  });
});
