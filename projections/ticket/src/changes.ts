import { type ChangedField, changedFields, changedMask } from "@docket/domain";
import { itemsOf } from "./fixed.ts";
import { type Details, isUnderControl, type TicketState } from "./state.ts";

/** Fields that are members of the state under their own names. */
const plain = [
  "status",
  "closedBecause",
  "type",
  "priority",
  "classified",
  "product",
  "line",
  "groupId",
  "engineerId",
  "returns",
  "handOvers",
  "autoCloseAt",
  "acceptedAt",
  "resolvedAt",
  "closedAt",
] as const satisfies readonly (ChangedField & keyof TicketState)[];

const ofDetails = [
  "engineerName",
  "routedBy",
  "question",
  "proposal",
  "downtime",
  "workaround",
  "solution",
  "returnReason",
  "extension",
  "reminders",
  "escalations",
  "duplicateOf",
  "closingNote",
] as const satisfies readonly (ChangedField & keyof Details)[];

const clocks = ["reaction", "resolution", "ola"] as const;

const bits = new Map<ChangedField, number>(changedFields.map((name) => [name, changedMask([name])]));
const bit = (name: ChangedField): number => bits.get(name) ?? 0;
const bringing: ReadonlySet<string> = new Set([
  "TicketCustomerAnswered",
  "TicketCommented",
  "TicketMessageJoined",
  "TicketAttachmentAdded",
  "TicketLinked",
]);

/**
 * The fields whose value after a fact is another than before, as one number; 0 for none. States share what did not change, so
 * what is no plain value is compared by its identity first.
 */
export function maskOfChange(
  before: TicketState,
  after: TicketState,
  event: { readonly type: string; readonly data: unknown },
): number {
  let mask = 0;
  for (const name of plain) if (before[name] !== after[name]) mask += bit(name);
  if (before.details !== after.details) {
    for (const name of ofDetails) {
      const [old, now] = [before.details[name], after.details[name]];
      if (old !== now && JSON.stringify(old) !== JSON.stringify(now)) mask += bit(name);
    }
    if (isUnderControl(before) !== isUnderControl(after)) mask += bit("underControl");
  }
  for (const clock of clocks) {
    if (before[clock] === after[clock]) continue;
    if (before[clock].state !== after[clock].state) mask += bit(`${clock}State`);
    if (before[clock].deadline !== after[clock].deadline) mask += bit(`${clock}Deadline`);
  }
  if (bringing.has(event.type)) {
    const kinds = new Set(itemsOf(event).map(({ kind }) => kind));
    if (kinds.has("attachment")) mask += bit("attachments");
    if (kinds.has("link")) mask += bit("links");
  }
  return mask;
}
