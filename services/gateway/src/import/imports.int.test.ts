import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openHouse, type House } from "../../test/house.ts";
import type { Session } from "../../test/session.ts";

const folder = mkdtempSync(join(tmpdir(), "docket-imports-"));
let house: House;
let boss: Session;
beforeAll(async () => {
  house = await openHouse({ settings: { DOCKET_DATA: folder } });
  boss = await house.as("boss");
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

const samples = new URL("../../../../packages/import/mappings/", import.meta.url);
const mapping = readFileSync(new URL("state-changes.yaml", samples), "utf8");
const data = readFileSync(new URL("samples/state-changes.csv", samples));

function form(files: Readonly<Record<string, string | Buffer>>): { raw: Buffer; headers: Record<string, string> } {
  const parts = Object.entries(files).flatMap(([name, content]) => [
    Buffer.from(`--cut\r\nContent-Disposition: form-data; name="${name}"; filename="${name}.x"\r\n\r\n`),
    Buffer.from(content as string),
    Buffer.from("\r\n"),
  ]);
  return {
    raw: Buffer.concat([...parts, Buffer.from("--cut--\r\n")]),
    headers: { "content-type": "multipart/form-data; boundary=cut" },
  };
}
const ended = async (importId: string) => {
  const path = `/v1/admin/imports/${importId}`;
  await expect.poll(async () => (await boss.get(path)).body.status, { timeout: 50_000 }).not.toBe("running");
  return (await boss.get(path)).body;
};

it("a history comes in by a form of two files, is worked off as a job, and tells what it came to", async () => {
  const tried = await boss.post("/v1/admin/imports?dryRun=true", undefined, form({ mapping, data }));
  expect(tried).toMatchObject({ status: 202, body: { status: "running", dryRun: true } });
  expect(await ended(tried.body.importId)).toMatchObject({ status: "done", summary: { rows: 49, dryRun: true } });

  const sent = await boss.post("/v1/admin/imports", undefined, form({ data, mapping }));
  expect((await boss.post("/v1/admin/imports", undefined, form({ mapping, data }))).body.code).toBe("import_running");
  const { importId } = sent.body;
  const job = await ended(importId);
  expect(job).toMatchObject({
    status: "done",
    error: null,
    progress: { phase: "done", done: 6, of: 6 },
    summary: { source: "tracker", tickets: 6, outcomes: { refused: 4 } },
  });
  const first = (await boss.get(`/v1/admin/imports/${importId}/report?limit=5`)).body;
  expect(first.items).toHaveLength(5);
  const rest = (await boss.get(`/v1/admin/imports/${importId}/report?limit=5&after=${first.next}`)).body;
  expect(rest.next).toBeNull();
  const csv = (await boss.get(`/v1/admin/imports/${importId}/report?format=csv`)).raw.toString("utf8");
  expect(csv.trimEnd().split("\n")).toHaveLength(1 + first.items.length + rest.items.length);
  expect((await boss.get("/v1/admin/imports")).body.items).toHaveLength(2);

  await expect.poll(async () => (await boss.get("/v1/tickets/TRK-2")).body.status, { timeout: 20_000 }).toBe("closed");
  expect((await boss.delete(`/v1/admin/imports/${importId}`)).status).toBe(204);
  expect((await boss.get(`/v1/admin/imports/${importId}`)).body.code).toBe("import_not_found");
  // What was imported stays.
  expect((await boss.get("/v1/tickets/TRK-2")).status).toBe(200);
}, 120_000);

it("a mistake in the mapping is told at once, by line and column", async () => {
  const wrong = mapping.replace("Resolved: resolved", "Resolved: finished");
  const line = wrong.split("\n").findIndex((text) => text.includes("finished")) + 1;
  const { status, body } = await boss.post("/v1/admin/imports", undefined, form({ mapping: wrong, data }));
  expect(status).toBe(422);
  expect(body).toMatchObject({ code: "mapping_invalid", line, column: 15, field: "mapping.status.values.Resolved" });
});

it("what is missing is named, and nobody but an administrator comes near", async () => {
  expect((await boss.post("/v1/admin/imports", undefined, form({ mapping }))).body).toMatchObject({
    code: "import_file_missing",
    name: "data",
  });
  for (const login of ["anna", "olga", "maria", "audit", "ana"]) {
    const session = await house.as(login);
    expect((await session.post("/v1/admin/imports", undefined, form({ mapping, data }))).status).toBe(403);
    expect((await session.get("/v1/admin/imports")).status).toBe(403);
  }
});
