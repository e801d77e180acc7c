import {
  causesOf,
  eventsOfJournal,
  type Known,
  type KnownEvents,
  knownOf,
  mailsOfTicket,
  readableFacts,
} from "@docket/audit";
import { type EventStore, verifyChain } from "@docket/event-store";
import { storyLines, type StoryStep, storyTeller, type Telling } from "@docket/evidence";
import { createPool } from "@docket/postgres";
import { ticketStepper } from "@docket/projection-ticket";
import { CodedError, commonSettings, loadConfig } from "@docket/service-kit";
import type pg from "pg";
import { z } from "zod";
import { findTicketStream } from "./trail/find-ticket.ts";
import { openStoreForPeople } from "./trail/open-store.ts";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket replay TICKET [OPTION...]

Prints a ticket's whole life: every fact with its actor, role, channel and both times, what it changed (before -> after), the clocks
that it moved, the mails sent because of it, and what it follows from. TICKET is a number (SC-000123) or an id.

  --at INSTANT     only what was known at that instant (ISO 8601)
  --from-store     from the event store itself instead of its mirror in the database
  --json           JSON lines, one a fact, complete: with the ticket after it
  --lang ru|en     (default en; --language is the same)
  --zone ZONE      IANA zone for times (default UTC)
  --help           this text

The stores are the running Docket's, or those that EVENTSTORE_URL and DATABASE_URL name. Without DATABASE_URL the event store
alone is read, and no mails are told. Exit code 1 when the ticket's hash chain is broken.
`;

const options = {
  at: { type: "string" },
  "from-store": { type: "boolean" },
  json: { type: "boolean" },
  lang: { type: "string" },
  language: { type: "string", default: "en" },
  zone: { type: "string", default: "UTC" },
} as const;

const settings = z.object({ DATABASE_URL: commonSettings.DATABASE_URL.optional() });

await runVerb({ usage, options, words: { min: 1, max: 1 } }, async (values, [ticket = ""]) => {
  const telling = tellingOf(values.lang ?? values.language, values.zone);
  const known: Known = { at: instantOf(values.at), position: null };
  const { DATABASE_URL } = loadConfig(settings);
  const { store, privacy, close } = openStoreForPeople();
  const pool = DATABASE_URL === undefined ? undefined : createPool(DATABASE_URL, { max: 1, name: "docket replay" });
  try {
    const stream = await findTicketStream(store, ticket);
    const { events } = await read(store, pool, stream, known, values["from-store"] === true);
    const { facts, unreadable } = await readableFacts(store, events);
    const tell = storyTeller({
      stepper: ticketStepper(),
      ...(pool && {
        mails: await mailsOfTicket(pool, stream.slice("ticket-".length), privacy?.boxes),
        causes: await causesOf(pool, events),
      }),
    });
    for (const fact of facts) {
      const step = tell(fact as never);
      const text = values.json === true ? JSON.stringify(jsonOf(step)) : storyLines(step, telling).join("\n");
      process.stdout.write(`${text}\n`);
    }
    const fault = verifyChain(events) ?? (unreadable && { revision: unreadable.revision, fault: "altered" });
    if (fault === undefined) return 0;
    process.stderr.write(`docket: chain_${fault.fault}: event ${fault.revision} of ${stream}\n`);
    return 1;
  } finally {
    await Promise.all([close(), pool?.end()]);
  }
});

async function read(
  store: EventStore,
  pool: pg.Pool | undefined,
  stream: string,
  known: Known,
  fromStore: boolean,
): Promise<KnownEvents> {
  if (pool === undefined || fromStore) return knownOf(await store.loadRaw(stream), known);
  return eventsOfJournal(pool, stream, known, Infinity);
}

function tellingOf(language: string, zone: string): Telling {
  if (language !== "ru" && language !== "en") throw new CodedError("option_invalid", "--lang is ru or en");
  if (!Intl.supportedValuesOf("timeZone").includes(zone) && zone !== "UTC")
    throw new CodedError("option_invalid", `no zone ${zone}`);
  return { language, zone };
}

function instantOf(at: string | undefined): Date | null {
  if (at === undefined) return null;
  if (Number.isNaN(Date.parse(at))) throw new CodedError("option_invalid", `--at wants an ISO instant, not ${at}`);
  return new Date(at);
}

/** A step as JSON: the fact's own members first. */
function jsonOf({ fact, ...rest }: StoryStep): object {
  const { stream, revision, eventId, type, position, data, meta, prevHash, hash } = fact;
  return { stream, revision, eventId, type, position, prevHash, hash, meta, data, ...rest };
}
