import { type VerifyProgress, type VerifyReport, verifyRecord } from "@docket/audit";
import { findingText, publicKeyOf } from "@docket/evidence";
import { commonSettings, CodedError, loadConfig } from "@docket/service-kit";
import { z } from "zod";
import { existsSync, readFileSync } from "node:fs";
import { findTicketStream } from "./trail/find-ticket.ts";
import { openStoreForPeople } from "./trail/open-store.ts";
import { readModels } from "./trail/read-models.ts";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket verify [TICKET | --all] [OPTION...]

Checks the record against everything that it is told by: the event store's hash chains, its mirror in the journal, the signed
checkpoints, and the read models, which are folded anew from the events and compared row by row. An event that was altered,
taken out, moved or inserted is named. TICKET is a number (SC-000123) or an id; without one everything is checked (--all).

  --all            everything (the default)
  --key KEY        public key that the checkpoints must be signed by: a file (PEM), or 64 hex digits
  --json           one JSON object a line: progress, findings, the report
  --lang ru|en     (default en)
  --help           this text

Exit code 1 on any finding. The stores are the running Docket's, or those that EVENTSTORE_URL and DATABASE_URL name. Without
DATABASE_URL the event store alone is checked.
`;

const options = {
  all: { type: "boolean" },
  key: { type: "string" },
  json: { type: "boolean" },
  lang: { type: "string", default: "en" },
} as const;

await runVerb({ usage, options, words: { min: 0, max: 1 } }, async ({ all, key, json, lang }, [ticket]) => {
  if (all === true && ticket !== undefined) throw new CodedError("option_invalid", "either a ticket or --all");
  if (lang !== "ru" && lang !== "en") throw new CodedError("option_invalid", "--lang is ru or en");
  const publicKey = key === undefined ? undefined : publicKeyOf(existsSync(key) ? readFileSync(key, "utf8") : key);
  const { DATABASE_URL } = loadConfig(z.object({ DATABASE_URL: commonSettings.DATABASE_URL.optional() }));
  const { store, close } = openStoreForPeople();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    const report = await verifyRecord({
      store,
      databaseUrl: DATABASE_URL,
      projections: readModels,
      stream: ticket === undefined ? undefined : await findTicketStream(store, ticket),
      publicKey,
      onProgress: json === true ? (progress) => say(JSON.stringify({ progress })) : showProgress(),
    });
    for (const finding of report.findings)
      say(
        json === true
          ? JSON.stringify({ finding: { ...finding, text: findingText(finding, lang) } })
          : `${finding.code}: ${findingText(finding, lang)}`,
      );
    const { findings: _told, ...summary } = report;
    say(json === true ? JSON.stringify({ report: summary }) : inWords(report));
    return report.found === 0 ? 0 : 1;
  } finally {
    await close();
  }
});

/** A line on standard error now and then: how far, how fast, and how long it will still take. */
function showProgress(): (progress: VerifyProgress) => void {
  let [shown, phase, begun, begunAt] = [performance.now(), "", performance.now(), 0];
  return (progress) => {
    const now = performance.now();
    if (progress.phase !== phase) [phase, begun, begunAt] = [progress.phase, now, progress.done];
    if (now - shown < 1_000) return;
    shown = now;
    const { done, total } = progress;
    const perSecond = Math.round(((done - begunAt) * 1_000) / Math.max(1, now - begun));
    const left = total > done && perSecond > 0 ? `, ${Math.ceil((total - done) / perSecond)} s left` : "";
    const pace = perSecond > 0 ? `, ${perSecond} a second${left}` : "";
    const what = phase === "log" ? "events" : "streams compared with the read models";
    process.stderr.write(`${what}: ${done}${total === 0 ? "" : ` of ${total}`}${pace}\n`);
  };
}

function inWords(report: VerifyReport): string {
  const { events, streams, tickets, compared, views, checkpoint, checkpoints, afterCheckpoint, findings, found } =
    report;
  const left = found > findings.length ? `, the first ${findings.length} are listed` : "";
  const signed =
    checkpoint === null
      ? "no checkpoint yet"
      : `checkpoint ${checkpoint} of ${checkpoints} holds, ${afterCheckpoint} events since`;
  const shown = views > 0 ? ` and ${views} views` : "";
  const models = report.journal
    ? [`${compared} streams (${tickets} of them tickets)${shown} compared with the read models`]
    : [];
  const seconds = Math.max(report.ms, 1) / 1_000;
  return [
    `${events} events of ${streams} streams up to position ${report.position}, ${signed}`,
    ...models,
    ...(report.notCompared.length > 0
      ? [`not compared, unknown to this program: ${report.notCompared.join(", ")}`]
      : []),
    ...(report.erasing > 0 ? [`${report.erasing} texts were being erased meanwhile: verify again`] : []),
    ...(report.scope === "all"
      ? [`${Math.round(events / seconds)} events a second, ${seconds.toFixed(1)} s in all`]
      : []),
    `${found} findings${left}`,
  ].join("\n");
}
