import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { reportNames } from "@docket/api-contract";
import { openHouse, type House } from "../../test/house.ts";
import type { Session } from "../../test/session.ts";
import { storyteller } from "../../test/story.ts";

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
  await expect
    .poll(async () => (await boss.get(path)).body.status, { timeout: 50_000 })
    .toMatch(/^(done|failed|interrupted)$/u);
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

it("an import whose gateway was killed shows as interrupted, and is gone on with, with its work file or without", async () => {
  const killed = {
    mapping: mapping.replace("source: tracker", "source: killed"),
    data: Buffer.from(data.toString("latin1").replaceAll("TRK-", "KIL-"), "latin1"),
  };
  const sent = await boss.post("/v1/admin/imports", undefined, form(killed));
  expect(sent).toMatchObject({ status: 202, body: { status: "running" } });
  const { importId } = sent.body;
  const done = await ended(importId);
  const path = `/v1/admin/imports/${importId}`;
  const own = join(folder, "imports", `api-${importId}`);
  for (const work of ["with", "without"]) {
    // what a gateway leaves that had no time to say that it ended
    const state = JSON.parse(readFileSync(join(own, "state.json"), "utf8"));
    writeFileSync(
      join(own, "state.json"),
      JSON.stringify({ ...state, status: "running", finishedAt: null, summary: null }),
    );
    if (work === "without") rmSync(join(own, "work"), { recursive: true });
    expect((await boss.get(path)).body).toMatchObject({ status: "interrupted", summary: null });
    expect((await boss.post(`${path}/resume`)).body).toMatchObject({ status: "running" });
    const again = await ended(importId);
    expect(again).toMatchObject({
      status: "done",
      error: null,
      summary: { rows: done.summary.rows, tickets: done.summary.tickets },
    });
    expect(again.summary.resumed).toBe(work === "with");
    // without it everything is asked of the store, which has it all
    if (work === "without") expect(again.summary).toMatchObject({ events: 0, outcomes: { taken: 0 } });
  }
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

it("an import that comes after a report changes none of its numbers at its position", async () => {
  const story = storyteller(house);
  await story.tell(`
2024-04-23 10:00 olga registers A incident high "Router" for anna
2024-04-23 10:00 olga classifies A incident high
2024-04-23 10:10 olga assigns A to net ivan
2024-04-23 10:20 ivan accepts A
2024-04-23 12:00 ivan resolves A
2024-04-24 10:00 olga registers B incident low "Switch" for boris`);
  const period = "from=2024-03-01&to=2024-04-30";
  const moments = ["2024-03-06T12:00:00.000Z", house.clock.now().toISOString()];
  const questions = moments.flatMap((asOf) => [
    ...reportNames.map((name) => `/v1/reports/${name}?${period}&measures=all&limit=500&asOf=${asOf}`),
    `/v1/tickets?sort=number&limit=500&asOf=${asOf}`,
    `/v1/sla/judgements?limit=500&asOf=${asOf}`,
  ]);
  let position = story.position();
  const answers = async (pinned: string): Promise<Map<string, unknown>> => {
    const ana = await story.as("ana");
    const found = new Map<string, unknown>();
    for (const question of questions) {
      const reply = await ana.get(question + pinned, { headers: { "docket-wait-position": position } });
      expect(reply.status, `${question}: ${JSON.stringify(reply.body)}`).toBe(200);
      const { rows, items, total } = reply.body;
      // without the addresses of lists, which are compared by their numbers
      found.set(
        question,
        JSON.parse(
          JSON.stringify([rows ?? items, total?.values ?? null]).replace(/"tickets":"[^"]*"/g, '"tickets":""'),
        ),
      );
    }
    return found;
  };
  const pinned = `&atPosition=${position}`;
  const before = await answers(pinned);

  boss = await story.as("boss");
  const later = {
    mapping: mapping.replace("source: tracker", "source: later"),
    data: data.toString("latin1").replaceAll("TRK-", "LTR-"),
  };
  const sent = await boss.post(
    "/v1/admin/imports",
    undefined,
    form({ ...later, data: Buffer.from(later.data, "latin1") }),
  );
  expect(await ended(sent.body.importId)).toMatchObject({ status: "done", summary: { tickets: 6 } });
  for await (const event of house.store.readAll({ direction: "backwards", limit: 1 }))
    position = String(event.position.commit);

  const now = await answers("");
  expect(await answers(pinned)).toEqual(before);
  // Without the position the imported past is part of the answers, as of a moment of that past as well.
  for (const question of questions.filter((one) => one.includes("/v1/tickets?")))
    expect((now.get(question) as [unknown[]])[0].length).toBeGreaterThan(
      (before.get(question) as [unknown[]])[0].length,
    );
}, 120_000);
