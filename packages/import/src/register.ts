import { type DomainError, limits } from "@docket/domain";
import { clean } from "./clean-text.ts";
import type { StagedRow } from "./job-file.ts";
import type { RowSender } from "./row-sender.ts";
import type { TellingParts } from "./tell-ticket.ts";
import { word } from "./wanted.ts";

/** A ticket's own number here: the source's key where it has the form of a number and is not one of ours. */
const keepable = /^(?=[^\d]*\d)[A-Za-z0-9][A-Za-z0-9._-]{0,19}$/;
const ours = /^SC-\d+$/i;

const fixed = [
  ["requesterKey", "requester"],
  ["requesterName", "requester"],
  ["requesterEmail", "requester"],
  ["requesterPhone", "requester"],
  ["organization", "organization"],
  ["channel", "channel"],
  ["subject", "subject"],
  ["description", "description"],
  ["region", "region"],
] as const;

/** What a ticket keeps from its registration for good, where a row says it otherwise than the rows before it. */
export function tellFixed(previous: StagedRow | undefined, row: StagedRow, sender: RowSender): void {
  if (previous === undefined) return;
  const told = new Set<string>();
  const tell = (field: string, from: string, to: string): void => {
    // A person's name and key change together: one is told.
    if (told.has(field)) return;
    told.add(field);
    const done = "stays as it was registered";
    const detail = `${from.slice(0, 140)} -> ${to.slice(0, 140)}`;
    sender.trouble({ outcome: "partly", code: "fixed_at_registration", field, done, detail });
  };
  for (const [name, field] of fixed) {
    const [from, to] = [previous.fields[name], row.fields[name]];
    if (from !== undefined && to !== undefined && from !== to) tell(field, from, to);
  }
  const [from, to] = [previous.openedAt, row.openedAt];
  if (from !== null && to !== null && from !== to)
    tell("ticket.openedAt", new Date(from).toISOString(), new Date(to).toISOString());
}

/** Registers the ticket as its first row says it; gives the refusal, if it was one. */
export async function register(
  parts: TellingParts,
  ticketId: string,
  key: string,
  { openedAt, fields }: StagedRow,
  when: number,
  sender: RowSender,
): Promise<DomainError | undefined> {
  const { mapping, names } = parts;
  let opened = openedAt ?? when;
  if (opened > when) {
    sender.trouble({
      outcome: "adjusted",
      code: "opened_after_row",
      field: "ticket.openedAt",
      done: "taken as opened at the row's time",
      detail: new Date(opened).toISOString(),
    });
    opened = when;
  }
  const keeps = mapping.ticket.number === "keep" && keepable.test(key) && !ours.test(key);
  const type = word(mapping.ticket.type, fields.type);
  const priority = word(mapping.ticket.priority, fields.priority);
  for (const [field, { unknown }, raw] of [
    ["type", type, fields.type],
    ["priority", priority, fields.priority],
  ] as const)
    if (unknown)
      sender.trouble({
        outcome: "partly",
        code: "value_unknown",
        field,
        done: "the contract's default",
        detail: raw ?? "",
      });
  const channel = word(mapping.ticket.channel, fields.channel);
  if (channel.unknown)
    sender.trouble({
      outcome: "partly",
      code: "value_unknown",
      field: "channel",
      done: "import",
      detail: fields.channel ?? "",
    });
  const subject = clean(fields.subject ?? key, limits.subject);
  const description = clean(fields.description ?? "", limits.text);
  if (fields.description !== undefined && description !== fields.description)
    sender.trouble({
      outcome: "adjusted",
      code: "text_cut",
      field: "description",
      done: "cut or cleaned",
      detail: fields.description.length > limits.text ? `more than ${limits.text} characters` : "",
    });
  if (fields.subject !== undefined && subject !== fields.subject)
    sender.trouble({
      outcome: "adjusted",
      code: "text_cut",
      field: "subject",
      done: "cut or cleaned",
      detail: fields.subject.length > limits.subject ? `more than ${limits.subject} characters` : "",
    });
  return sender.send(
    {
      type: "RegisterTicket",
      data: {
        ticketId,
        number: keeps ? key.toUpperCase() : await parts.newNumber(),
        contactId: null,
        channel: channel.word ?? "import",
        ...names.contractOf(fields),
        requester: names.requesterOf(fields),
        language: mapping.language,
        subject,
        description,
        product: fields.product === undefined ? null : clean(fields.product, limits.product),
        productVersion: null,
        stepsToReproduce: null,
        region: fields.region === undefined ? null : clean(fields.region, limits.name),
        wish: { type: type.word, priority: priority.word },
        receivedAt: new Date(opened).toISOString(),
        attachments: [],
        planId: null,
      },
    },
    opened,
  );
}
