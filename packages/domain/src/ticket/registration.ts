import { contractHoldsAt, findContract, findOrganization, findPerson } from "../directory/lookup.ts";
import type { Directory } from "../directory/state.ts";
import type { SlaPolicy } from "../directory/shapes.ts";
import { refuse, type Refusal } from "../errors.ts";
import { isAllowedPair } from "../classification.ts";
import type { Priority, TicketType } from "../values.ts";
import { openClock, snapshotOf, startClock, targetsFor, termsAt } from "./clocks.ts";
import type { TicketCommand } from "./commands.ts";
import type { ClockSnapshot } from "./event-parts.ts";
import type { TicketEvent } from "./events.ts";
import { emit, snap, type Handler } from "./work-in-hand.ts";

/** The classification under which the clocks run until an operator decides: the wish where it can hold, else the policy's. */
export function provisionalClassification(
  policy: SlaPolicy,
  wish: { type: TicketType | null; priority: Priority | null },
) {
  const { type, priority } = wish;
  if (type !== null && priority !== null && isAllowedPair(type, priority) && targetsFor(policy, type, priority))
    return { type, priority };
  return policy.defaultClassification;
}

/** Registers a ticket (R §3.2). Takes the command's data and when it happened; gives the one fact, or a refusal. `quietUntil` as in Work. */
export function register(
  data: Extract<TicketCommand, { type: "RegisterTicket" }>["data"],
  directory: Directory,
  at: number,
  quietUntil: number | null,
): TicketEvent | Refusal {
  const refused = notEntitled(data, directory);
  if (refused) return refused;
  if (Date.parse(data.receivedAt) > at)
    return refuse("registered_before_received", "data.receivedAt", { receivedAt: data.receivedAt });
  const terms = termsAt(directory, data.contractId, at);
  const provisional = provisionalClassification(terms.policy, data.wish);
  const targets = targetsFor(terms.policy, provisional.type, provisional.priority);
  const clocks: ClockSnapshot[] = [];
  if (targets) {
    const reaction = startClock(terms, "reaction", null, 1, targets.reaction, at);
    clocks.push(snapshotOf(reaction, targets.reaction, at, directory, [], quietUntil));
  }
  return { type: "TicketRegistered", data: { ...data, provisional, clocks } };
}

function notEntitled(
  data: Extract<TicketCommand, { type: "RegisterTicket" }>["data"],
  directory: Directory,
): Refusal | undefined {
  if (!findOrganization(directory, data.organizationId))
    return refuse("organization_unknown", "data.organizationId", { organizationId: data.organizationId });
  const contract = findContract(directory, data.contractId);
  if (!contract) return refuse("contract_unknown", "data.contractId", { contractId: data.contractId });
  if (contract.organizationId !== data.organizationId)
    return refuse("contract_of_another_organization", "data.contractId", { number: contract.number });
  if (!contractHoldsAt(directory, contract, Date.parse(data.receivedAt)))
    return refuse("contract_not_valid", "data.contractId", { number: contract.number });
  const { personId } = data.requester;
  if (personId === null) return undefined;
  const person = findPerson(directory, personId);
  if (!person) return refuse("person_unknown", "data.requester.personId", { personId });
  if (person.organizationId !== data.organizationId)
    return refuse("person_of_another_organization", "data.requester.personId", { name: person.name });
  return undefined;
}

/**
 * Classifies, or classifies again with a reason (R §3.3). Open clocks keep their start and pauses and get the new targets of
 * the policy now in force, computed over the whole history (domain.md, Decisions).
 */
export const classify: Handler<"ClassifyTicket"> = (work, data) => {
  const { state, context, at } = work;
  if (state.status === "result_confirmation") return refuse("wrong_status", undefined, { status: state.status });
  if (!isAllowedPair(data.type, data.priority))
    return refuse("priority_not_allowed", "data.priority", { type: data.type, priority: data.priority });
  const terms = termsAt(context.directory, state.contractId, at);
  const targets = targetsFor(terms.policy, data.type, data.priority);
  if (!targets)
    return refuse("classification_not_in_contract", "data.type", { type: data.type, priority: data.priority });
  if (
    state.classified &&
    data.type === state.type &&
    data.priority === state.priority &&
    data.product === state.product
  ) {
    return refuse("same_classification", "data.type", { type: data.type, priority: data.priority });
  }
  if (state.classified && !data.reason?.trim()) return refuse("reason_required", "data.reason");
  const clocks: ClockSnapshot[] = [];
  for (const kind of ["reaction", "resolution"] as const) {
    const clock = openClock(state, kind);
    if (!clock) continue;
    const started = startClock(terms, kind, null, clock.snapshot.cycle, targets[kind], at);
    const { target, policyVersion, calendarId } = started;
    clocks.push(snap(work, { ...clock.input, target, policyVersion, calendarId }, targets[kind]));
  }
  const previous = state.classified ? { type: state.type, priority: state.priority } : null;
  const { type, priority, reason, product } = data;
  emit(work, { type: "TicketClassified", data: { type, priority, previous, reason, product, clocks } });
  return undefined;
};
