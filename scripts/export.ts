import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ticketFields } from "@docket/api-contract";
import {
  exportEvidence,
  makeCheckpoint,
  signingKeys,
  signingSettings,
  type TicketChoice,
  withoutNames,
} from "@docket/audit";
import { createPool } from "@docket/postgres";
import { fieldKeys } from "@docket/privacy";
import { ticketStepper } from "@docket/projection-ticket";
import { clockFromConfig, CodedError, commonSettings, loadConfig } from "@docket/service-kit";
import { z } from "zod";
import { recordExport } from "./trail/access.ts";
import { conditionsOf } from "./trail/conditions.ts";
import { findTicketStream } from "./trail/find-ticket.ts";
import { openStoreForPeople } from "./trail/open-store.ts";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket export TICKET|FILTER --out FILE [OPTION...]

Writes an evidence file: the events exactly as stored, with proofs that they are under the signed checkpoint, readable in any browser,
and checked anywhere by  scripts/docket check FILE --key KEY.  TICKET is a number or an id. FILTER names fields of tickets
as the interface does:

  'organizationId=romashka&status=closed'   'registeredAt.from=2024-04-01T00:00:00Z&type=incident,change'

A checkpoint is made first, so that everything recorded by now is signed.

  --out FILE           where to write; it is replaced
  --sealed             personal data stay sealed: nobody can read them, everything else is proved all the same
  --attachments        the bytes of the attached files, too
  --no-checkpoint      hold against the last checkpoint
  --help               this text

The export is recorded in the access log.
`;

const options = {
  out: { type: "string" },
  sealed: { type: "boolean" },
  attachments: { type: "boolean" },
  "no-checkpoint": { type: "boolean" },
} as const;

await runVerb({ usage, options, words: { min: 1, max: 1 } }, async (values, [what = ""]) => {
  const { out } = values;
  if (out === undefined) throw new CodedError("option_invalid", "--out FILE is wanted");
  const { EVENTSTORE_URL, DATABASE_URL, DOCKET_DATA, DOCKET_CLOCK } = commonSettings;
  const config = loadConfig(z.object({ EVENTSTORE_URL, DATABASE_URL, DOCKET_DATA, DOCKET_CLOCK, ...signingSettings }));
  const keys = signingKeys(config, { make: true });
  const clock = clockFromConfig(config.DOCKET_CLOCK);
  const { store, privacy, close } = openStoreForPeople();
  const pool = createPool(config.DATABASE_URL, { max: 3, name: "docket export" });
  try {
    const choice = await choiceOf(what, store);
    if (values["no-checkpoint"] !== true) await makeCheckpoint({ pool, store, clock, keys });
    let tickets = 0;
    const lines = exportEvidence(
      {
        databaseUrl: config.DATABASE_URL,
        store,
        clock,
        keys,
        stepper: ticketStepper,
        fieldKeys:
          values.sealed === true || privacy === undefined ? undefined : (event) => fieldKeys(privacy.vault, event),
        ...(privacy === undefined ? {} : { mails: privacy.boxes }),
        bytesOf:
          values.attachments === true && privacy !== undefined
            ? async (subjects, sha256) => (await privacy.files.find(sha256, subjects))?.read()
            : undefined,
        onTicket: (done) => (tickets = done),
      },
      choice,
    );
    const query = withoutNames(choice.scope);
    let complete = false;
    try {
      await recordExport(pool, store, clock, { query, items: null, complete: null });
      await pipeline(Readable.from(lines), createWriteStream(out));
      complete = true;
    } finally {
      await recordExport(pool, store, clock, { query, items: tickets, complete });
      // half a file would only be refused later
      if (!complete) await rm(out, { force: true });
    }
    if (tickets === 0) throw new CodedError("ticket_not_found", `no ticket fulfils ${what}`);
    process.stdout.write(`${tickets} tickets in ${out}, signed by ${keys.map(({ key }) => key).join(", ")}\n`);
    return 0;
  } finally {
    await Promise.all([close(), pool.end()]);
  }
});

async function choiceOf(what: string, store: Parameters<typeof findTicketStream>[0]): Promise<TicketChoice> {
  if (what.includes("=")) return { ...conditionsOf(what, ticketFields), scope: what };
  const stream = await findTicketStream(store, what);
  return { where: "t.ticket_id = $1", values: [stream.slice("ticket-".length)], scope: `ticket=${what}` };
}
