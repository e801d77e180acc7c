import {
  allowedPriorities,
  type DomainError,
  type Line,
  type Priority,
  type Requester,
  type TicketCommand,
  type TicketState,
  type TicketType,
} from "@docket/domain";
import type { HistoryTicket } from "@docket/command-handling";
import { derivedId } from "@docket/event-store";
import type { Meaning } from "./mapping-schema.ts";

/** What a row wants a ticket to be; null: it does not say. Everything is in our words and ids by now. */
export interface Wanted {
  readonly meaning: Exclude<Meaning, "ignore"> | null;
  readonly type: TicketType | null;
  readonly priority: Priority | null;
  readonly product: string | null;
  readonly group: { readonly groupId: string; readonly line: Line } | null;
  readonly engineerId: string | null;
  readonly texts: {
    readonly solution: string;
    readonly question: string;
    readonly answer: string;
    readonly returned: string;
    readonly reclassified: string;
    readonly handedOver: string;
    readonly withdrawn: string;
    readonly approval: string;
  };
}

/** What stands in where a row must have a group or a person and names none. */
export interface StandIns {
  readonly group: { readonly groupId: string; readonly line: Line };
  readonly engineerId: string;
}

/** A part of a row that was not taken as it stands. */
export interface Trouble {
  readonly outcome: "adjusted" | "partly";
  readonly code: string;
  readonly field: string;
  readonly done: string;
  readonly detail: string;
}

export interface RowTelling {
  readonly ticket: HistoryTicket;
  /** sends one command of this row; gives the refusal, if it was one */
  send(command: TicketCommand): DomainError | undefined;
  trouble(trouble: Trouble): void;
  readonly standIns: StandIns;
  readonly by: Requester;
}

/**
 * The commands by which a ticket becomes what a row wants, after its registration and but for its close (see `closeTicket`). The
 * table, status by status, is in docs/import.md; where the life cycle has no arrow from where the ticket is to where the row wants
 * it, the arrows in between are taken at the same instant.
 */
export function moveTicket(telling: RowTelling, wanted: Wanted): void {
  const state = (): TicketState => telling.ticket.state() as TicketState;
  const goal = goalOf(wanted.meaning, state());
  // Back to work first: a resolved ticket takes neither another class nor another group.
  if (state().status === "result_confirmation" && goal !== "resolved") leaveConfirmation(telling, wanted);
  if (wanted.meaning === "new" && isUnderWork(state()))
    telling.trouble({
      outcome: "adjusted",
      code: "status_cannot_go_back",
      field: "status",
      done: "stays in work",
      detail: "work on it has begun",
    });
  classify(telling, wanted);
  const { status } = state();
  const waiting = status === "waiting_customer" || status === "waiting_approval" ? status : null;
  const target = goal === "keep" && waiting !== null ? waiting : goal;
  const moves = changesAssignment(state(), wanted);
  // Handed over while it waits: work is taken up for that instant, and the wait goes on.
  if (waiting !== null && (moves || target !== waiting)) resume(telling, wanted);
  assign(telling, wanted);
  if (target === "new") return;
  if (target === "keep") {
    // Work in hand that was handed over goes on as work in hand.
    if (moves && hasAccepted(state())) takeIntoWork(telling);
    return;
  }
  takeIntoWork(telling);
  if (target === "waiting_customer" && state().status === "in_work")
    refusal(
      telling,
      "status",
      telling.send(command(state(), { type: "AskCustomer", data: { question: wanted.texts.question } })),
    );
  if (target === "waiting_approval" && state().status === "in_work") propose(telling, wanted);
  if (target === "resolved" && state().status === "in_work")
    refusal(
      telling,
      "status",
      telling.send(command(state(), { type: "ResolveTicket", data: { solution: wanted.texts.solution } })),
    );
}

/** The close that a row wants, after the source's record of that row was written. */
export function closeTicket(telling: RowTelling, wanted: Wanted): void {
  const state = telling.ticket.state() as TicketState;
  const { meaning, texts } = wanted;
  if (meaning === "withdrawn" && state.status !== "result_confirmation") {
    const withdraw = { type: "WithdrawTicket", data: { by: telling.by, reason: texts.withdrawn } } as const;
    refusal(telling, "status", telling.send(command(state, withdraw)));
  } else if (meaning === "auto_closed") {
    refusal(telling, "status", telling.send(command(state, { type: "RecordAutoClose", data: {} })));
  } else if (meaning === "closed" || meaning === "withdrawn") {
    refusal(telling, "status", telling.send(command(state, { type: "ConfirmResult", data: { by: telling.by } })));
  }
}

export function isClosing(meaning: Wanted["meaning"]): boolean {
  return meaning === "closed" || meaning === "auto_closed" || meaning === "withdrawn";
}

type Goal = "keep" | "new" | "in_work" | "waiting_customer" | "waiting_approval" | "resolved";

function goalOf(meaning: Wanted["meaning"], state: TicketState): Goal {
  switch (meaning) {
    case null:
      return state.status === "result_confirmation" ? "resolved" : "keep";
    case "withdrawn":
      return state.status === "result_confirmation" ? "resolved" : "keep";
    case "closed":
    case "auto_closed":
      return "resolved";
    case "new":
      return isUnderWork(state) || state.status === "result_confirmation" ? "in_work" : "new";
    default:
      return meaning;
  }
}

const isUnderWork = ({ status }: TicketState): boolean =>
  status === "in_work" || status === "waiting_customer" || status === "waiting_approval";

const hasAccepted = (state: TicketState): boolean =>
  state.clocks.some(({ snapshot }) => snapshot.kind === "resolution");

/** A command on this ticket. */
function command(
  state: Pick<TicketState, "ticketId">,
  part: { readonly type: TicketCommand["type"]; readonly data: Readonly<Record<string, unknown>> },
): TicketCommand {
  return { type: part.type, data: { ticketId: state.ticketId, ...part.data } } as unknown as TicketCommand;
}

function refusal(telling: RowTelling, field: string, error: DomainError | undefined): void {
  if (error !== undefined)
    telling.trouble({
      outcome: "partly",
      code: error.code,
      field,
      done: "not taken; the ticket stays as it was in this",
      detail: Object.entries(error.params ?? {})
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join(", "),
    });
}

function leaveConfirmation(telling: RowTelling, wanted: Wanted): void {
  const state = telling.ticket.state() as TicketState;
  refusal(
    telling,
    "status",
    telling.send(command(state, { type: "ReturnTicket", data: { reason: wanted.texts.returned, contactId: null } })),
  );
}

function resume(telling: RowTelling, wanted: Wanted): void {
  const state = telling.ticket.state() as TicketState;
  if (state.status === "waiting_customer") {
    const answer = { contactId: null, answer: wanted.texts.answer, attachments: [] };
    refusal(telling, "status", telling.send(command(state, { type: "RecordCustomerAnswer", data: answer })));
    return;
  }
  const open = state.proposals.find((proposal) => proposal.state === "proposed");
  if (open === undefined) return;
  const approve = { type: "ApproveChange", data: { proposalId: open.proposalId, by: telling.by } } as const;
  refusal(telling, "status", telling.send(command(state, approve)));
}

function propose(telling: RowTelling, wanted: Wanted): void {
  const state = telling.ticket.state() as TicketState;
  const proposalId = derivedId("import-proposal", state.ticketId, state.proposals.length);
  const { approval } = wanted.texts;
  const data = {
    proposalId,
    kind: "configuration",
    scope: approval,
    schedule: approval.slice(0, 1_000),
    effort: approval.slice(0, 1_000),
    product: null,
    productVersion: null,
    needsDowntime: false,
  };
  refusal(telling, "status", telling.send(command(state, { type: "ProposeChange", data })));
}

/** Type, priority and product. What the matrix does not allow is taken as the nearest that it does. */
function classify(telling: RowTelling, wanted: Wanted): void {
  const state = telling.ticket.state() as TicketState;
  const type = wanted.type ?? state.type;
  const asked = wanted.priority ?? state.priority;
  const product = wanted.product ?? state.product;
  if (state.classified && type === state.type && asked === state.priority && product === state.product) return;
  const priority = nearest(type, asked);
  if (priority !== asked)
    telling.trouble({
      outcome: "adjusted",
      code: "priority_not_allowed",
      field: "priority",
      done: `taken as ${priority}`,
      detail: `type: ${type}, priority: ${asked}`,
    });
  if (state.classified && type === state.type && priority === state.priority && product === state.product) return;
  const reason = state.classified ? wanted.texts.reclassified : null;
  const error = telling.send(command(state, { type: "ClassifyTicket", data: { type, priority, reason, product } }));
  refusal(telling, "priority", error);
  if (error === undefined || state.classified) return;
  // Never classified, it could go nowhere: it gets what the contract gives to whatever it does not know.
  const own = { type: state.type, priority: state.priority };
  refusal(
    telling,
    "priority",
    telling.send(command(state, { type: "ClassifyTicket", data: { ...own, reason: null, product } })),
  );
}

const ranks: readonly Priority[] = ["high", "medium", "low"];

function nearest(type: TicketType, asked: Priority): Priority {
  const allowed = allowedPriorities[type];
  if (allowed.includes(asked)) return asked;
  return ranks.slice(ranks.indexOf(asked)).find((one) => allowed.includes(one)) ?? allowed[0] ?? asked;
}

function changesAssignment(state: TicketState, { group, engineerId }: Wanted): boolean {
  const { assignment } = state;
  if (group !== null && group.groupId !== assignment?.groupId) return true;
  return engineerId !== null && engineerId !== assignment?.engineerId;
}

/** To the group and person that the row names. Who is not named any more in a group that stays keeps the ticket. */
function assign(telling: RowTelling, wanted: Wanted): void {
  const state = telling.ticket.state() as TicketState;
  if (!changesAssignment(state, wanted)) return;
  const current = state.assignment;
  const group =
    wanted.group ?? (current === null ? telling.standIns.group : { groupId: current.groupId, line: current.line });
  const { engineerId } = wanted;
  const { groupId, line } = group;
  const field = groupId === current?.groupId ? "person" : "group";
  if (state.status === "classified" || state.status === "assigned") {
    const data = { groupId, engineerId, reason: null };
    refusal(telling, field, telling.send(command(state, { type: "AssignTicket", data })));
    return;
  }
  const data = { toLine: line, groupId, engineerId, reason: wanted.texts.handedOver };
  refusal(telling, field, telling.send(command(state, { type: "HandOverTicket", data })));
}

/** Accepted by whom it is assigned to. A source that says that work went on and not whose it was gets a stand-in. */
function takeIntoWork(telling: RowTelling): void {
  const { ticket, standIns } = telling;
  const state = ticket.state() as TicketState;
  if (state.status !== "classified" && state.status !== "assigned") return;
  const { assignment } = state;
  if (assignment?.engineerId == null) {
    const groupId = assignment?.groupId ?? standIns.group.groupId;
    const data = { groupId, engineerId: standIns.engineerId, reason: null };
    refusal(telling, "person", telling.send(command(state, { type: "AssignTicket", data })));
  }
  refusal(telling, "status", telling.send(command(state, { type: "AcceptTicket", data: {} })));
}
