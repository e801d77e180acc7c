import { type ChangedField, changedFields, type TicketEvent } from "@docket/domain";
import { type FoldEvent, instantOf } from "@docket/projection-engine";
import { itemsOf, registrationDetails } from "./fixed.ts";
import { evolve, isUnderControl, nextDeadline, type TicketState } from "./state.ts";

/** A fact as it is read from a store or the journal. */
export interface SteppedFact {
  readonly stream: string;
  readonly type: string;
  readonly data: unknown;
  readonly revision: number;
  /** log position (commit) */
  readonly position: number;
  readonly meta: { readonly occurredAt: string; readonly recordedAt: string };
}

/** A ticket as its page shows it (the interface's `Ticket`), instants in ISO form. */
export type ShownTicket = Readonly<Record<string, unknown>> & { readonly details: Readonly<Record<string, unknown>> };

export interface Step {
  /** the ticket after the fact */
  readonly state: ShownTicket;
  /** the fields whose value is another than before; all that have a value where the ticket begins */
  readonly changes: readonly { readonly field: ChangedField; readonly before: unknown; readonly after: unknown }[];
}

export type Stepper = (fact: SteppedFact) => Step;

/**
 * Walks through a ticket's facts in the order of their stream, and tells after each what it changed and what the ticket then
 * was: by the same fold as the read model, so that both say the same. Throws for a stream that does not begin with a
 * registration.
 */
export function ticketStepper(): Stepper {
  let state: TicketState | undefined;
  let fixed: Readonly<Record<string, unknown>> = {};
  let attachments: readonly object[] = [];
  let links: readonly object[] = [];
  let shown: ShownTicket | undefined;
  return (fact) => {
    const event = { type: fact.type, data: fact.data } as TicketEvent;
    if (event.type === "TicketRegistered" && state === undefined) fixed = registrationDetails(event.data);
    state = evolve(state, foldable(fact));
    const brought = itemsOf(event);
    // most facts bring nothing: the lists are shared, or a long life would hold as many copies of them
    const and = (list: readonly object[], kind: string): readonly object[] => {
      const more = brought.flatMap((item) => (item.kind === kind ? [item.value] : []));
      return more.length === 0 ? list : [...list, ...more];
    };
    attachments = and(attachments, "attachment");
    links = and(links, "link");
    const before = shown;
    shown = shownTicket(state, { ...fixed, ...state.details, attachments, links });
    return { state: shown, changes: changesBetween(before, shown) };
  };
}

function foldable({ stream, type, data, revision, position, meta }: SteppedFact): FoldEvent {
  return {
    type,
    data,
    stream,
    entityId: stream.slice("ticket-".length),
    revision,
    commit: position,
    occurredMs: instantOf(meta.occurredAt),
    recordedMs: instantOf(meta.recordedAt),
  } as unknown as FoldEvent;
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

function shownTicket(state: TicketState, details: Readonly<Record<string, unknown>>): ShownTicket {
  const { reaction, resolution, ola } = state;
  return {
    ticketId: state.ticketId,
    number: state.number,
    status: state.status,
    closedBecause: state.closedBecause,
    type: state.type,
    priority: state.priority,
    classified: state.classified,
    subject: state.subject,
    organizationId: state.organizationId,
    contractId: state.contractId,
    requesterPersonId: state.requesterPersonId,
    requesterName: state.requesterName,
    requesterEmail: state.requesterEmail,
    channel: state.channel,
    product: state.product,
    region: state.region,
    line: state.line,
    groupId: state.groupId,
    engineerId: state.engineerId,
    underControl: isUnderControl(state),
    hasWorkaround: state.hasWorkaround,
    escalations: state.escalations,
    returns: state.returns,
    handOvers: state.handOvers,
    reactionDeadline: iso(reaction.deadline),
    reactionState: reaction.state,
    resolutionDeadline: iso(resolution.deadline),
    resolutionState: resolution.state,
    olaDeadline: iso(ola.deadline),
    olaState: ola.state,
    nextDeadline: iso(nextDeadline(state)),
    autoCloseAt: iso(state.autoCloseAt),
    receivedAt: iso(state.receivedAt),
    registeredAt: iso(state.registeredAt),
    acceptedAt: iso(state.acceptedAt),
    resolvedAt: iso(state.resolvedAt),
    closedAt: iso(state.closedAt),
    occurredAt: iso(state.occurredAt),
    recordedAt: iso(state.recordedAt),
    revision: state.revision,
    position: String(state.position),
    details,
  };
}

/** A field's value: of the ticket's page, or of its further state; `escalations` means the escalations and not their number. */
function valueOf(ticket: ShownTicket | undefined, field: ChangedField): unknown {
  if (ticket === undefined) return null;
  const value =
    field in ticket && field !== "escalations"
      ? (ticket as Readonly<Record<string, unknown>>)[field]
      : ticket.details[field];
  return isNothing(value) ? null : value;
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

function changesBetween(before: ShownTicket | undefined, after: ShownTicket): Step["changes"] {
  return changedFields.flatMap((field) => {
    const [old, now] = [valueOf(before, field), valueOf(after, field)];
    return old === now || JSON.stringify(old) === JSON.stringify(now) ? [] : [{ field, before: old, after: now }];
  });
}
