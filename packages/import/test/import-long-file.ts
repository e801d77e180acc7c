import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { runImport } from "../src/index.ts";

/*
 * A process of its own: makes a file of the given number of tickets, five rows of ten thousand characters each, imports it on
 * nothing, and says in JSON what it took. Its parent gives it a heap that is a fraction of the file.
 */

const [folder = "", tickets = "0"] = process.argv.slice(2);
const states = ["Open", "Work", "Wait", "Work", "Done"];
const text = "All work and no play makes Jack a dull boy. ".repeat(228).slice(0, 10_000);
let bytes = 0;

function* rows(): Generator<string> {
  yield "id,at,state,title,body,requester\n";
  for (const [step, state] of states.entries())
    for (let ticket = 0; ticket < Number(tickets); ticket++) {
      const at = new Date(Date.UTC(2024, 0, 1) + (ticket * 60 + step * 3_600) * 1_000).toISOString();
      const row = `L-${ticket},${at},${state},"Title ${ticket}","${text}",Person ${ticket % 500}\n`;
      bytes += row.length;
      yield row;
    }
}

const mappingFile = join(folder, "mapping.yaml");
const dataFile = join(folder, "long.csv.gz");
await pipeline(Readable.from(rows()), createGzip({ level: 1 }), createWriteStream(dataFile));
await writeFile(
  mappingFile,
  `version: 1
source: long
ticket: {key: id, rowTime: at, subject: title, description: body, requester: {name: requester}}
status: {column: state, values: {Open: new, Work: in_work, Wait: waiting_customer, Done: resolved}}
keepTexts: [body]
contract:
  organization: {name: Old customer}
  calendar: 24x7
  targets: [{type: incident, priority: medium, reaction: 1h, resolution: 8h}]
`,
);
const summary = await runImport(
  { mappingFile, dataFile, openStore: null, workFolder: join(folder, "work"), dryRun: true },
  (_job, done) => done,
);
const { outcomes, rows: read, seconds } = summary;
process.stdout.write(
  JSON.stringify({ bytes, rows: read, outcomes, seconds, maxRss: process.resourceUsage().maxRSS * 1024 }),
);
