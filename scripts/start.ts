import { runVerb } from "./verb.ts";

const usage = `npm start -- [OPTION...]   or   scripts/docket start [OPTION...]

Starts the event store, Postgres and every service on this machine. Ctrl-C stops everything; what stands in the data
folder is there at the next start.

  --data DIR        folder for all data (default .docket)
  --port N          port of the web address (default 8080; when it is taken, another one)
  --mail-port N     port for incoming mail, SMTP (default 2525; when it is taken, another one)
  --database-port N  port of the embedded Postgres, for BI tools (default any free one; on this machine only)
  --host ADDRESS    address to listen on (default 127.0.0.1; 0.0.0.0 for the whole network)
  --no-demo         leave out the demo data on the first start
  --no-simulate     no simulated traffic (it goes with the demo data, and pauses while nobody looks)
  --simulate-speed N  how fast it goes (default 1: a request every half a minute or so)
  --help            this text

EVENTSTORE_URL and DATABASE_URL, when set, are used instead of the embedded stores.
`;

const options = {
  data: { type: "string", default: ".docket" },
  port: { type: "string", default: "8080" },
  "mail-port": { type: "string", default: "2525" },
  "database-port": { type: "string", default: "0" },
  host: { type: "string", default: "127.0.0.1" },
  "no-demo": { type: "boolean", default: false },
  "no-simulate": { type: "boolean", default: false },
  "simulate-speed": { type: "string", default: "1" },
} as const;

const began = performance.now();

await runVerb({ usage, options }, async (values) => {
  process.stdout.write(`Docket starts; data in ${values.data}\n`);
  const { startAndStay } = await import("./stack/start-and-stay.ts");
  await startAndStay(values, began);
});
