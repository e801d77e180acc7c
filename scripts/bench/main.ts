import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { inspect } from "node:util";
import { CodedError } from "@docket/service-kit";
import { runVerb } from "../verb.ts";
import { commands } from "./commands.ts";
import { console as consoleBench } from "./console.ts";
import { asMarkdown, putIntoDocument, readRuns, type Result, type Run } from "./document.ts";
import { eventStore } from "./event-store.ts";
import { type Bench, type BenchOptions, type Figure, isMet, ratioOf, tableOf } from "./figure.ts";
import { live } from "./live.ts";
import { tellProfiles } from "./profile.ts";
import { queue } from "./queue.ts";
import { readModels } from "./read-models.ts";
import { reports } from "./reports.ts";
import { sla } from "./sla.ts";
import { start } from "./start.ts";

const benches: readonly Bench[] = [sla, eventStore, commands, live, readModels, queue, reports, consoleBench, start];

const usage = `npm run bench -- [OPTION...]   or   scripts/docket bench [OPTION...]

Measures Docket on this machine, each figure beside a bare yardstick in the same run where there is one. Figures are printed,
nothing is judged by them. All of it takes some ten minutes; what is in each figure, and what is not, is told in docs/benchmarks.md.

  --only NAME   one of the measurements; may be given several times
${benches.map(({ name, title }) => `                  ${name.padEnd(12)} ${title}`).join("\n")}
  --minutes N   how long the console is worked with (usual: 2); 60 shows whether its memory stays flat over an hour
  --quick       a tenth of the work: shows that it runs, not how fast it is
  --profile DIR leave a processor profile of each process, and of the console's page, in DIR, and tell where the time went (the figures
                suffer)
  --json FILE   write the figures to a file as well
  --markdown FILE  put them into a document, between its marks for them (docs/benchmarks.md has such)
  --from FILE   measure nothing: take the figures that --json wrote; may be given several times, the last one counts
  --help        this text
`;

const options = {
  only: { type: "string", multiple: true },
  quick: { type: "boolean", default: false },
  minutes: { type: "string" },
  json: { type: "string" },
  profile: { type: "string" },
  markdown: { type: "string" },
  from: { type: "string", multiple: true },
} as const;

await runVerb({ usage, options }, async ({ only, quick, minutes, json, profile, markdown, from }) => {
  const lasting = minutes === undefined ? undefined : Number(minutes);
  if (lasting !== undefined && !(lasting > 0))
    throw new CodedError("option_invalid", `--minutes takes a number above 0, not ${minutes}`);
  if (from !== undefined) {
    const run = await readRuns(from);
    if (markdown === undefined) say(asMarkdown(run));
    else await putIntoDocument(markdown, run);
    return 0;
  }
  for (const name of only ?? [])
    if (!benches.some((bench) => bench.name === name))
      throw new CodedError("option_invalid", `there is no measurement ${name}; see --help`);
  const chosen = benches.filter(({ name }) => only === undefined || only.includes(name));
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "processor"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.versions.node}`;
  say(`${machine}${quick ? "; quick" : ""}`);
  // The processes that are started from here inherit it.
  if (profile !== undefined) process.env["NODE_OPTIONS"] = `--cpu-prof --cpu-prof-dir=${resolve(profile)}`;
  const results: Result[] = [];
  for (const bench of chosen)
    results.push(
      await measure(bench, {
        quick: quick ?? false,
        ...(lasting === undefined ? {} : { minutes: lasting }),
        ...(profile === undefined ? {} : { profile: resolve(profile) }),
      }),
    );
  if (profile !== undefined) for (const line of await tellProfiles(profile)) say(line);
  const run: Run = { machine, at: new Date().toISOString(), quick: quick ?? false, results };
  if (json !== undefined) await writeFile(json, `${JSON.stringify(run, null, 2)}\n`);
  if (markdown !== undefined) await putIntoDocument(markdown, run);
  // Some figure could not be taken: that is a failure, other than a figure that misses its aim.
  return results.some(({ error }) => error !== undefined) ? 1 : 0;
});

async function measure({ name, title, run }: Bench, options: Omit<BenchOptions, "folder" | "say">): Promise<Result> {
  say(`\n## ${title}\n`);
  const folder = await mkdtemp(join(tmpdir(), `docket-bench-${name}-`));
  const began = performance.now();
  const before = load();
  try {
    const figures = await run({ folder, ...options, say: (line) => process.stderr.write(`  ${name}: ${line}\n`) });
    say(tableOf(figures));
    say(
      `\n${((performance.now() - began) / 1_000).toFixed(0)} s; load of the machine ${before.toFixed(1)} before, ${load().toFixed(1)} after`,
    );
    return { name, title, figures: figures.map(judged), load: [before, load()] };
  } catch (error) {
    say("not measured: see the error output");
    process.stderr.write(`${inspect(error)}\n`);
    return { name, title, figures: [], error: String(error) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How many processes wanted to run in the last minute: above 0 before the first measurement, somebody else is at work here. */
function load(): number {
  return loadavg()[0] ?? 0;
}

function judged(figure: Figure): Result["figures"][number] {
  const ratio = ratioOf(figure);
  return {
    ...figure,
    ...(ratio === undefined ? {} : { ratio }),
    ...(figure.aims === undefined || figure.aims.length === 0
      ? {}
      : { met: figure.aims.every((aim) => isMet(figure, aim)) }),
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
