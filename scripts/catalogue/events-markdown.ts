import {
  contactEvents,
  directoryEvents,
  erasureEvents,
  type EventDefinition,
  eventMeta,
  type StreamKind,
  rightsEvents,
  streamKinds,
  ticketEvents,
  trustEvents,
} from "@docket/domain";
import { findSharedShapes, holdsPersonalData, inWords, type Shape, type SharedShapes, shapeOf } from "./shapes.ts";

const streams: Readonly<Record<StreamKind, string>> = {
  ticket: "one a ticket",
  contact: "one a contact: whatever arrived, before and beside tickets",
  organization: "one a customer",
  contract: "one a contract: policy, keys, authorised people",
  calendar: "one a calendar",
  staff: "one a member of staff",
  group: "one a group",
  "routing-rules": "a single stream",
  "ticket-numbers": "a single stream: blocks of human ticket numbers",
  plan: "one a plan of scheduled work",
  letter: "one a kind of letter: its words in place of the built-in ones",
  survey: "one a ticket: ratings, which live outside the ticket's own stream",
  erasure: "one an erasure of personal data: the record that it was done",
  checkpoint: "a single stream: signing keys and signed checkpoints",
  access: "one a day: who looked at what",
  rights: "a single stream: who was given which rights",
};

/** The text of docs/events.md: every event by stream, with its fields and meaning, and the metadata of all. */
export function eventsMarkdown(): string {
  const definitions: EventDefinition[] = [
    ticketEvents,
    contactEvents,
    directoryEvents,
    erasureEvents,
    trustEvents,
    rightsEvents,
  ].flatMap((events) => Object.values(events));
  const shapes = new Map(definitions.map((definition) => [definition, shapeOf(definition.schema)]));
  const meta = shapeOf(eventMeta);
  const shared = findSharedShapes([meta, ...shapes.values()]);
  const sections = streamKinds.flatMap((kind) => {
    const events = definitions.filter(({ stream }) => stream === kind);
    if (events.length === 0) return [];
    const name = ["routing-rules", "ticket-numbers", "checkpoint", "rights"].includes(kind) ? kind : `${kind}-<id>`;
    return [
      `## \`${name}\`: ${streams[kind]}`,
      "",
      ...events.flatMap((event) => eventInWords(event, shapes.get(event) ?? {}, shared)),
    ];
  });
  return [
    "# Events",
    "",
    "Generated from the schemas of `packages/domain` by `scripts/docket catalogue`; `npm test` checks that it is up to date.",
    "",
    `${definitions.length} types of events. Each is a fact: written once, never changed. Fields marked ● hold personal data, which the`,
    "event store door encrypts per data subject before it is hashed (docs/privacy.md). Words in *italics* are shapes explained at the end;",
    "`uuid`, `id`, `instant` (ISO 8601, UTC, milliseconds), `date`, `target` (`4h`, `30m`, `3d`) and `sha256` are checked texts.",
    "",
    "## Metadata of every event",
    "",
    ...fields(meta, shared),
    "Stored beside it: `$correlationId` and `$causationId` under the names that EventStoreDB's tools know, `prevHash` and `hash` (the",
    "chain of the stream).",
    "",
    ...sections,
    "## Shapes",
    "",
    ...[...shared.values()].flatMap(({ name, shape }) => [`### *${name}*`, "", ...fields(shape, shared)]),
  ].join("\n");
}

function eventInWords({ type, version, title }: EventDefinition, shape: Shape, shared: SharedShapes): string[] {
  const empty = Object.keys(shape.properties ?? {}).length === 0;
  return [
    `### ${type}`,
    "",
    `${title.en} · ${title.ru}${version > 1 ? ` · version ${version}` : ""}`,
    "",
    ...(empty ? [] : fields(shape, shared)),
  ];
}

/** A table of an object's fields. */
export function fields(shape: Shape, shared: SharedShapes): string[] {
  const rows = Object.entries(shape.properties ?? {}).map(([name, inner]) => {
    const optional = shape.required?.includes(name) ? "" : " (optional)";
    // A named shape shows its own marks.
    const mark = holdsPersonalData(inner) ? " ●" : "";
    return `| \`${name}\`${mark} | ${inWords(inner, shared).replaceAll("|", "\\|")}${optional} |`;
  });
  return ["| field | form |", "|---|---|", ...rows, ""];
}
