import { refuse, type Refusal } from "../errors.ts";
import { isImport } from "../command.ts";
import { termsAt } from "./clocks.ts";
import { emit, type Handler, type Work } from "./work-in-hand.ts";

/** What only an import says: what the source itself held of a ticket, and that the source closed it by itself. */

/** Living people and the clockwork have other ways. */
function onlyImport(work: Work, command: string): Refusal | undefined {
  const { meta } = work;
  return isImport(meta) && meta.provenance !== undefined
    ? undefined
    : refuse("not_permitted", "actor", { role: meta.actor.role, command });
}

export const recordSource: Handler<"RecordSource"> = (work, { ticketId: _ticketId, ...data }) => {
  const refused = onlyImport(work, "RecordSource");
  if (refused) return refused;
  emit(work, { type: "TicketSourceRecorded", data });
  return undefined;
};

/** The source closed a resolved ticket because nobody answered; our own rule on working days has no say in it (R §4.2). */
export const recordAutoClose: Handler<"RecordAutoClose"> = (work) => {
  const { state, context } = work;
  const refused = onlyImport(work, "RecordAutoClose");
  if (refused) return refused;
  if (!state.confirmation) return refuse("wrong_status", undefined, { status: state.status });
  const { policy } = termsAt(context.directory, state.contractId, state.confirmation.policyFrom);
  const { workingDays } = policy.confirmation;
  const resolvedAt = new Date(state.confirmation.resolvedAt).toISOString();
  emit(work, { type: "TicketAutoClosed", data: { because: "no_answer", resolvedAt, workingDays, clocks: [] } });
  return undefined;
};
