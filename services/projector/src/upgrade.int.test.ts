import { ensureLayout, isLayoutComplete } from "@docket/projection-engine";
import { testDatabase } from "@docket/test-kit";
import { expect, it } from "vitest";
import { readModels } from "./read-models.ts";

it("a database of an older program is brought up to date: the journal keeps its rows and gets new indexes, the rest is rebuilt", async () => {
  const database = await testDatabase();
  const { pool } = database;
  try {
    // An older program: the journal with other indexes, no read model of today's but the tickets', views that nobody has made yet.
    const names = new Set(["journal", "ticket"]);
    const older = readModels
      .filter(({ name }) => names.has(name))
      .map((projection) => ({ ...projection, version: projection.version - 1 }));
    await ensureLayout({ url: database.url, projections: older });
    await pool.query("drop index if exists rm_journal_1.journal_stream_revision_idx");
    await pool.query(
      "insert into engine.checkpoints (name, commit_position, prepare_position) values ('projector', 1, 1)" +
        " on conflict (name) do update set commit_position = 1, prepare_position = 1",
    );
    await ensureLayout({ url: database.url, projections: readModels });
    expect(await isLayoutComplete(pool, readModels)).toBe(true);
    const { rows } = await pool.query<{ name: string; version: number }>(
      "select name, version from engine.projections",
    );
    expect(new Map(rows.map(({ name, version }) => [name, version]))).toEqual(
      new Map(readModels.map(({ name, version }) => [name, version])),
    );
    const { rows: indexes } = await pool.query("select 1 from pg_indexes where schemaname = 'rm_journal_1'");
    const journal = readModels.find(({ name }) => name === "journal");
    expect(indexes).toHaveLength(journal?.tables[0]?.indexSql("x").length ?? 0);
  } finally {
    await database.close();
  }
});
