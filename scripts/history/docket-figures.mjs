#!/usr/bin/env node
// The figures of history-figures.mjs out of Docket: the read models as of each moment, by SQL. Writes both side by side.
// Usage: scripts/docket --data DIR history-figures CSV-FIGURES.json [--source SOURCE] [--write FILE.md]; see docs/import-figures.md
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import pg from "pg";

const usage = `scripts/docket history-figures FIGURES.json [--source SOURCE] [--write FILE.md]

Computes the figures of an imported history out of the read models, as of the moments that FIGURES.json names (written by
scripts/history/history-figures.mjs straight from the CSV), and compares: exit code 1 when any figure differs.

  --source SOURCE  the import's source (default servicenow)
  --write FILE     a table of both, as Markdown
  --help           this text
`;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    source: { type: "string", default: "servicenow" },
    write: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
const url = process.env.DATABASE_URL;
if (values.help || positionals.length !== 1) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}
if (url === undefined) {
  process.stderr.write("docket: not_running: no Docket runs on this data folder, and DATABASE_URL is not set\n");
  process.exit(1);
}

const stateOf = {
  registered: "new",
  classified: "new",
  assigned: "new",
  in_work: "in_work",
  waiting_customer: "waiting",
  result_confirmation: "resolved",
  closed: "closed",
};
const csv = JSON.parse(await readFile(positionals[0], "utf8"));
const client = new pg.Client({ connectionString: url });
await client.connect();
// Tickets of the import: those that an imported fact began.
await client.query(
  `create temporary table imported as select substr(stream, 8)::uuid as ticket_id from read.journal
   where type = 'TicketRegistered' and (meta::jsonb #>> '{provenance,source}') = $1`,
  [values.source],
);
await client.query("create unique index on imported (ticket_id)");
await client.query("analyze imported");

const sorted = (counts) => Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
const { rows: groups } = await client.query(
  "select entry_id, name from read.directory where kind = 'group' and valid_to = 'infinity'",
);
const groupName = new Map(
  groups.map(({ entry_id: id, name }) => [id, name === "Group not known" ? "not known" : name]),
);
const moments = [];
for (const { at } of csv.moments) {
  const { rows } = await client.query(
    `select v.status, v.priority, v.group_id, count(*)::int as count from read.ticket_version v join imported using (ticket_id)
     where v.valid_from <= $1 and v.valid_to > $1 group by 1, 2, 3`,
    [at],
  );
  const snapshot = { at, incidents: 0, byStateAndPriority: {}, openByGroup: {} };
  for (const { status, priority, group_id: group, count } of rows) {
    const key = `${stateOf[status]} ${priority}`;
    snapshot.incidents += count;
    snapshot.byStateAndPriority[key] = (snapshot.byStateAndPriority[key] ?? 0) + count;
    if (status === "closed") continue;
    const name = group === null ? "none" : (groupName.get(group) ?? group);
    snapshot.openByGroup[name] = (snapshot.openByGroup[name] ?? 0) + count;
  }
  moments.push({
    ...snapshot,
    byStateAndPriority: sorted(snapshot.byStateAndPriority),
    openByGroup: sorted(snapshot.openByGroup),
  });
}
const meanOf = async (column) => {
  const { rows } = await client.query(
    `select count(*)::int as tickets, round(avg(extract(epoch from ${column} - registered_at)))::float8 as mean
     from read.ticket join imported using (ticket_id) where ${column} is not null`,
  );
  return { tickets: rows[0].tickets, meanSeconds: rows[0].mean };
};
const meanTimes = {
  firstWork: await meanOf("accepted_at"),
  lastSolution: await meanOf("resolved_at"),
  close: await meanOf("closed_at"),
};
const { rows: judged } = await client.query(
  `select count(*) filter (where data::jsonb ->> 'judgement' = 'missed')::int as missed from (
     select distinct on (stream) data from read.journal
     where type = 'TicketSourceRecorded' and data::jsonb ->> 'source' = $1 order by stream, revision desc) last`,
  [values.source],
);
const { rows: counted } = await client.query(
  `select count(*)::int as tickets, count(*) filter (where open)::int as open, sum(returns)::int as returns
   from read.ticket join imported using (ticket_id)`,
);
await client.end();

const docket = {
  totals: {
    incidents: counted[0].tickets,
    neverClosed: counted[0].open,
    reopened: counted[0].returns,
    missedBySourceAtClose: judged[0].missed,
  },
  meanTimes,
  moments,
};
/** Every figure by its name, from both sides. */
const lines = [];
const line = (name, ours, theirs) =>
  lines.push({ name, csv: theirs ?? 0, docket: ours ?? 0, equal: (ours ?? 0) === (theirs ?? 0) });
for (const [name, count] of Object.entries(docket.totals)) line(name, count, csv.totals[name]);
for (const [name, span] of Object.entries(meanTimes)) {
  line(`mean time to ${name}: tickets`, span.tickets, csv.meanTimes[name].tickets);
  line(`mean time to ${name}: seconds`, span.meanSeconds, csv.meanTimes[name].meanSeconds);
}
for (const [i, then] of csv.moments.entries()) {
  const now = moments[i];
  line(`${then.at}: incidents`, now.incidents, then.incidents);
  for (const part of ["byStateAndPriority", "openByGroup"])
    for (const key of new Set([...Object.keys(then[part]), ...Object.keys(now[part])]))
      line(`${then.at}: ${part} ${key}`, now[part][key], then[part][key]);
}
const different = lines.filter(({ equal }) => !equal);
for (const { name, csv: theirs, docket: ours } of different)
  process.stdout.write(`differs: ${name}: CSV ${theirs}, Docket ${ours}\n`);
process.stdout.write(`${lines.length} figures, ${different.length} differ\n`);
if (values.write !== undefined) await writeFile(values.write, await markdown());
process.exitCode = different.length === 0 ? 0 : 1;

/** The tables of docs/import-figures.md; what stands there before the mark is kept. */
async function markdown() {
  const mark = "<!-- figures: written by scripts/docket history-figures -->";
  const before = (await readFile(values.write, "utf8").catch(() => `# Figures\n\n${mark}`)).split(mark)[0];
  const both = (name, ours, theirs) => `| ${name} | ${theirs ?? 0} | ${ours ?? 0} |`;
  const out = [
    before + mark,
    "",
    `${lines.length} figures compared, ${different.length} differ.`,
    "",
    "## The whole log",
    "",
  ];
  out.push("| Figure | CSV | Docket |", "|---|---:|---:|");
  const names = {
    incidents: "Incidents",
    neverClosed: "Never closed",
    reopened: "Returns to work after a solution",
    missedBySourceAtClose: "Missed by the source's own judgement",
    firstWork: "Mean seconds from opening to the first work",
    lastSolution: "Mean seconds from opening to the last solution",
    close: "Mean seconds from opening to the close",
  };
  for (const [name, count] of Object.entries(docket.totals)) out.push(both(names[name], count, csv.totals[name]));
  for (const [name, { tickets, meanSeconds }] of Object.entries(meanTimes))
    out.push(both(`${names[name]} (${tickets} tickets)`, meanSeconds, csv.meanTimes[name].meanSeconds));
  const states = ["new", "in_work", "waiting", "resolved", "closed"];
  out.push(
    "",
    "## By state and priority, as of ten moments",
    "",
    "Each cell: CSV / Docket, for high, medium and low priority.",
    "",
  );
  out.push(`| As of | Incidents | ${states.join(" | ")} |`, `|---|---:|${states.map(() => "---").join("|")}|`);
  for (const [i, then] of csv.moments.entries()) {
    const cell = (state) =>
      ["high", "medium", "low"]
        .map((priority) => {
          const key = `${state} ${priority}`;
          return `${then.byStateAndPriority[key] ?? 0} / ${moments[i].byStateAndPriority[key] ?? 0}`;
        })
        .join("<br>");
    out.push(
      `| ${then.at.replace(".000Z", "Z")} | ${then.incidents} / ${moments[i].incidents} | ${states.map(cell).join(" | ")} |`,
    );
  }
  out.push(
    "",
    "## Open by group, as of the same moments",
    "",
    "Each cell: CSV / Docket. `none`: not assigned yet; `not known`: worked on, and the log names no group.",
    "",
  );
  const open = [...new Set(csv.moments.flatMap(({ openByGroup }) => Object.keys(openByGroup)))].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
  out.push(
    `| Group | ${csv.moments.map(({ at }) => at.slice(0, 10)).join(" | ")} |`,
    `|---|${csv.moments.map(() => "---:").join("|")}|`,
  );
  for (const name of open)
    out.push(
      `| ${name} | ${csv.moments.map((then, i) => `${then.openByGroup[name] ?? 0} / ${moments[i].openByGroup[name] ?? 0}`).join(" | ")} |`,
    );
  return `${out.join("\n")}\n`;
}
