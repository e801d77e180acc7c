import { openEventStore } from "@docket/event-store";
import { commonSettings, loadConfig } from "@docket/service-kit";
import { z } from "zod";
import { findTicketStream } from "./trail/find-ticket.ts";
import { verifyChains } from "./trail/verify-chains.ts";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket verify [TICKET]

Checks the hash chains of the event store: of one ticket, named by number or id, or of every stream. An event that was
altered, moved, inserted or taken out of the middle is named; exit code 1 when there is one.

  --help   this text

The event store is the running Docket's, or the one that EVENTSTORE_URL names.
`;

const faultInWords = { altered: "was altered", broken_link: "does not follow the event before it", gap: "is missing" };

await runVerb({ usage, words: { min: 0, max: 1 } }, async (_options, [ticket]) => {
  const { EVENTSTORE_URL } = loadConfig(z.object({ EVENTSTORE_URL: commonSettings.EVENTSTORE_URL }));
  const store = openEventStore(EVENTSTORE_URL);
  try {
    const events = store.readAll(ticket === undefined ? {} : { prefixes: [await findTicketStream(store, ticket)] });
    const report = await verifyChains(events, (count) => process.stderr.write(`${count} events ...\n`));
    for (const { stream, revision, fault } of report.faults) {
      process.stdout.write(`chain_${fault}: event ${revision} of ${stream} ${faultInWords[fault]}\n`);
    }
    process.stdout.write(`${report.events} events of ${report.streams} streams, ${report.faults.length} faults\n`);
    return report.faults.length === 0 ? 0 : 1;
  } finally {
    await store.close();
  }
});
