/**
 * What `scripts/docket` can do: verb -> the TypeScript file that does it, and one line for the list. A verb with `stores` is given
 * the addresses of the Docket that runs on the data folder.
 */
export const verbs = {
  start: { file: "scripts/start.ts", summary: "start everything on this machine (npm start)" },
  test: { file: "scripts/test.ts", summary: "run every check and test (npm test)" },
  acceptance: { file: "scripts/acceptance.ts", summary: "tell the main job end to end, with real mail and kill -9" },
  bench: { file: "scripts/bench/main.ts", summary: "measure, beside a bare yardstick" },
  eventstore: { file: "packages/embedded-eventstore/src/main.ts", summary: "run the embedded event store alone" },
  conformance: {
    file: "packages/test-kit/src/conformance/main.ts",
    summary: "run the conformance suite against an event store",
  },
  clock: { file: "packages/sla/src/clock-cli.ts", summary: "answer business-time cases (JSON lines)" },
  rebuild: {
    file: "services/projector/src/rebuild.ts",
    summary: "rebuild read models from the journal and switch",
    stores: true,
  },
  import: { file: "scripts/import.ts", summary: "bring in another system's history from a CSV file", stores: true },
  replay: { file: "scripts/replay.ts", summary: "print a ticket's whole life, step by step", stores: true },
  verify: {
    file: "scripts/verify.ts",
    summary: "check the record: chains, mirror, signatures, read models",
    stores: true,
  },
  checkpoint: { file: "scripts/checkpoint.ts", summary: "sign the state of the whole log; keys", stores: true },
  export: { file: "scripts/export.ts", summary: "write an evidence file of a ticket or of many", stores: true },
  check: { file: "scripts/check.ts", summary: "check an evidence file off-line" },
  trail: { file: "scripts/trail.ts", summary: "search the audit trail; CSV and JSON lines", stores: true },
  "history-figures": {
    file: "scripts/history/docket-figures.mjs",
    summary: "compare an imported history's figures with those of its CSV",
    stores: true,
  },
  asof: {
    file: "services/gateway/src/ask/asof-cli.ts",
    summary: "show a queue, ticket, clock, contact or entry as of a past moment",
    stores: true,
  },
  "what-if": {
    file: "services/gateway/src/ask/what-if-cli.ts",
    summary: "judge a period under another policy or calendar",
    stores: true,
  },
  report: {
    file: "scripts/report.ts",
    summary: "print a report (table, JSON, CSV, Arrow), or extract tickets with their measures",
    stores: true,
  },
  forecast: {
    file: "services/gateway/src/ask/forecast-cli.ts",
    summary: "what becomes of open clocks if nothing changes",
    stores: true,
  },
  account: {
    file: "services/gateway/src/account-cli.ts",
    summary: "make logins, the first administrator for example",
    stores: true,
  },
  forget: {
    file: "scripts/privacy/forget.ts",
    summary: "erase the personal data of one person for good",
    stores: true,
  },
  subject: {
    file: "scripts/privacy/subject.ts",
    summary: "write everything that is held about one person to a file",
    stores: true,
  },
  keys: { file: "scripts/privacy/keys.ts", summary: "rotate the keys above the keys of personal data", stores: true },
  migrate: { file: "scripts/migrate.ts", summary: "bring the Postgres schema up to date", stores: true },
  demo: { file: "scripts/demo/main.ts", summary: "load the demo data through the front door", stores: true },
  simulate: { file: "scripts/simulate/main.ts", summary: "make gentle traffic with the demo's people", stores: true },
  catalogue: {
    file: "scripts/catalogue.ts",
    summary: "write docs/events.md, commands.md and errors.md from the schemas",
  },
};
