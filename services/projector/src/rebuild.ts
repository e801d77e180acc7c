import { parseArgs } from "node:util";
import { listParked, openRebuild, type RebuildProgress, rebuildRecords, unpark } from "@docket/projection-engine";
import { createPool } from "@docket/postgres";
import { commonSettings, loadConfig } from "@docket/service-kit";
import { z } from "zod";
import { openDecode, projections } from "./program.ts";
import { readModels } from "./read-models.ts";

const usage = `usage: docket rebuild [NAME...] [--compare-only | --status | --abort | --parked | --unpark [--stream NAME]]

Builds read models anew from the journal, compares them with the present ones, and switches readers over in one moment.
Readers and the live projector go on meanwhile. Without names: all of ${readModels.flatMap(({ name, tables }) => (name === "journal" || tables.length === 0 ? [] : [name])).join(", ")}.

  --compare-only   build and compare, then throw the new tables away; exit code 3 when they differ
  --force          switch although the comparison found differences
  --status         what was rebuilt, what is under way
  --abort          throw away what is under way or failed
  --parked         events that could not be folded, and what waits behind them
  --unpark         fold parked streams again (of the NAMEs, or of --stream)
  --help           this text

Exit codes: 0 done; 1 failed; 2 wrong use; 3 the new tables differ from the old ones, nothing was switched.
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const flag = { type: "boolean" } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "compare-only": flag,
      force: flag,
      status: flag,
      abort: flag,
      parked: flag,
      unpark: flag,
      help: flag,
      stream: { type: "string" },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const { DATABASE_URL: url } = loadConfig(z.object(commonSettings));
  const pool = createPool(url, { max: 1, name: "docket rebuild status" });
  try {
    if (values.status) return await printStatus(pool);
    if (values.parked) return await printParked(pool);
    if (values.unpark) return await release(pool, positionals, values.stream);
  } finally {
    await pool.end();
  }
  const decoding = await openDecode();
  const rebuild = await openRebuild({
    url,
    projections,
    decode: decoding.decode,
    program: new URL("./program.ts", import.meta.url).href,
    onProgress: progress(),
  });
  try {
    if (values.abort) {
      say(`${await rebuild.abort()} rebuilds thrown away`);
      return 0;
    }
    const prepared = await rebuild.prepare(positionals);
    say(
      `prepared: ${prepared.map(({ projection, generation }) => `${projection} generation ${generation}`).join(", ")}`,
    );
    await rebuild.run();
    const same = await rebuild.compare();
    say(same ? "the new tables are the same as the old ones, byte for byte" : "the new tables differ; see --status");
    if (values["compare-only"]) {
      await rebuild.abort();
      return same ? 0 : 3;
    }
    if (!same && !values.force) {
      say("nothing was switched (--force does it all the same, --abort throws the new tables away)");
      return 3;
    }
    await rebuild.switchOver();
    say("switched");
    return 0;
  } finally {
    await rebuild.close();
    await decoding.close();
  }
}

/** One line per step, and on a terminal a counter within it. */
function progress(): (now: RebuildProgress) => void {
  let step = "";
  let next = 0;
  return (now) => {
    const done = now.target > 0 ? ` ${Math.floor((100 * now.position) / now.target)} %` : "";
    const text = `${now.step}${done}${now.events > 0 ? `, ${now.events} events` : ""}${now.rows > 0 ? `, ${now.rows} rows` : ""}`;
    if (now.step === step && performance.now() < next) return;
    next = performance.now() + 500;
    step = now.step;
    say(text);
  };
}

async function printStatus(pool: Parameters<typeof rebuildRecords>[0]): Promise<number> {
  for (const record of await rebuildRecords(pool, 20)) {
    const { projection, version, generation, state, position, target, events, rows, error, updatedAt } = record;
    say(
      `${updatedAt.toISOString()} ${projection} v${version} generation ${generation}: ${state}, at ${position.commit} of ${target}, ${events} events, ${rows} rows`,
    );
    if (error) say(`  ${error}`);
    for (const table of record.comparison ?? []) {
      if (table.same) continue;
      say(`  ${table.table}: ${table.oldRows} rows before, ${table.newRows} now`);
      for (const row of table.onlyOld) say(`    only before: ${row}`);
      for (const row of table.onlyNew) say(`    only now:    ${row}`);
    }
  }
  return 0;
}

async function printParked(pool: Parameters<typeof listParked>[0]): Promise<number> {
  const streams = await listParked(pool);
  for (const { projection, stream, events, revision, type, cause, parkedAt } of streams)
    say(
      `${parkedAt.toISOString()} ${projection} ${stream}: ${events} events from revision ${revision} (${type}): ${cause}`,
    );
  if (streams.length === 0) say("nothing is parked");
  return 0;
}

async function release(
  pool: Parameters<typeof unpark>[0],
  names: readonly string[],
  stream: string | undefined,
): Promise<number> {
  const only = stream ? { stream } : {};
  let streams = 0;
  for (const projection of names) streams += await unpark(pool, { projection, ...only });
  if (names.length === 0) streams = await unpark(pool, only);
  say(`${streams} streams will be folded again`);
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const wrongUse = String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${wrongUse ? usage : ""}`);
    process.exit(wrongUse ? 2 : 1);
  },
);
