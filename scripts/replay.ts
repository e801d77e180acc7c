import type { StoredFact } from "@docket/event-store";
import { CodedError } from "@docket/service-kit";
import { findTicketStream } from "./trail/find-ticket.ts";
import { openStoreForPeople } from "./trail/open-store.ts";
import { type Language, tellFact } from "./trail/tell.ts";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket replay TICKET [OPTION...]

Prints a ticket's whole life from the event store: every fact with its actor, channel and times, what it says and the clocks
that it moved. TICKET is a number (SC-000123) or an id.

  --at INSTANT     only what was known at that instant (ISO 8601)
  --json           JSON lines, one a fact, complete
  --language ru|en (default en)
  --zone ZONE      IANA zone for times (default UTC)
  --help           this text

The event store is the running Docket's, or the one that EVENTSTORE_URL names.
`;

const options = {
  at: { type: "string" },
  json: { type: "boolean" },
  language: { type: "string", default: "en" },
  zone: { type: "string", default: "UTC" },
} as const;

await runVerb({ usage, options, words: { min: 1, max: 1 } }, async ({ at, json, language, zone }, [ticket = ""]) => {
  if (language !== "ru" && language !== "en") throw new CodedError("option_invalid", "--language is ru or en");
  if (!Intl.supportedValuesOf("timeZone").includes(zone) && zone !== "UTC")
    throw new CodedError("option_invalid", `no zone ${zone}`);
  const until = at === undefined ? Infinity : Date.parse(at);
  if (Number.isNaN(until)) throw new CodedError("option_invalid", `--at wants an ISO instant, not ${at}`);
  const { store, close } = openStoreForPeople();
  try {
    const stream = await findTicketStream(store, ticket);
    const facts = await store.load(stream);
    for (const fact of facts) {
      if (Date.parse(fact.meta.recordedAt) > until) break;
      process.stdout.write(`${print(fact, json === true, language, zone)}\n`);
    }
  } finally {
    await close();
  }
});

function print(fact: StoredFact, json: boolean, language: Language, zone: string): string {
  return json ? JSON.stringify(fact) : tellFact(fact, language, zone).join("\n");
}
