import {
  type AnyCommand,
  type Contract,
  findContract,
  findOrganization,
  findPerson,
  lookup,
  type Plan,
} from "@docket/domain";
import { derivedId, derivedIdAt } from "@docket/event-store";
import type { DueMoment } from "./due.ts";
import { engineMeta, type Parts } from "./parts.ts";

/** After these the plan can register nothing any more, now or later. */
const planIsOver: ReadonlySet<string> = new Set(["contract_not_valid", "contract_unknown"]);

/**
 * Registers the tickets that a plan owes (rule 7), every occurrence up to now, in order, each at its own time however late
 * we are; then notes each on the plan. A plan whose contract is over is stopped with that reason. Gives the code of a
 * refusal that leaves the occurrence owed; throws StoreUnavailable.
 */
export async function occurPlan(parts: Parts, { owner: planId }: DueMoment): Promise<string | undefined> {
  const { desk, directory, clock } = parts;
  // The list may be ahead of this process's picture of the directory.
  const { plans } = await directory.refresh();
  const plan = lookup(plans, planId);
  if (plan === undefined || plan.stopped) return undefined;
  let next = plan.nextAt;
  while (next !== null && next <= clock.now().getTime()) {
    const at = new Date(next).toISOString();
    const ticketId = derivedIdAt(new Date(next), "plan", planId, at);
    const refused = await registerOccurrence(parts, plan, ticketId, at);
    if (refused !== undefined) return planIsOver.has(refused) ? stop(parts, planId, refused) : refused;
    const recorded = await desk.execute(
      { type: "RecordPlanOccurrence", data: { planId, at, ticketId } },
      engineMeta(derivedId("plan", planId, at, "occurred")),
    );
    if (!recorded.ok) return recorded.error.code;
    const known: Plan | undefined = lookup(directory.current().plans, planId);
    next = known === undefined || known.stopped ? null : known.nextAt;
  }
  return undefined;
}

async function registerOccurrence(parts: Parts, plan: Plan, ticketId: string, at: string): Promise<string | undefined> {
  const { desk, numbers, directory } = parts;
  const step = (name: string, command: AnyCommand) =>
    desk.execute(
      command,
      engineMeta(derivedId("plan", plan.planId, at, name), {
        channel: "plan",
        occurredAt: at,
        correlationId: ticketId,
      }),
    );
  if ((await desk.ticket(ticketId)) === null) {
    const contract = findContract(directory.current(), plan.contractId);
    if (contract === null) return "contract_unknown";
    const registered = await step("register", registration(parts, plan, contract, ticketId, await numbers.next(), at));
    if (!registered.ok) return registered.error.code;
  }
  // What a plan registers needs no operator to say what it is. A contract that names no targets for it leaves it to him.
  const known = await desk.ticket(ticketId);
  if (known !== null && !known.classified) {
    await step("classify", {
      type: "ClassifyTicket",
      data: { ticketId, type: "scheduled_work", priority: "low", reason: null, product: plan.product },
    });
  }
  return undefined;
}

function registration(
  { directory }: Parts,
  plan: Plan,
  contract: Contract,
  ticketId: string,
  number: string,
  at: string,
): AnyCommand {
  const organization = findOrganization(directory.current(), contract.organizationId);
  const person = plan.requesterPersonId === null ? null : findPerson(directory.current(), plan.requesterPersonId);
  return {
    type: "RegisterTicket",
    data: {
      ticketId,
      number,
      contactId: null,
      channel: "plan",
      organizationId: contract.organizationId,
      contractId: contract.contractId,
      requester: {
        personId: person?.personId ?? null,
        name: person?.name ?? organization?.name ?? contract.number,
        email: person?.emails[0] ?? null,
        phone: person?.phones[0] ?? null,
      },
      language: organization?.language ?? "ru",
      subject: plan.subject,
      description: plan.description,
      product: plan.product,
      productVersion: null,
      stepsToReproduce: null,
      region: organization?.region ?? null,
      wish: { type: "scheduled_work", priority: "low" },
      receivedAt: at,
      attachments: [],
      planId: plan.planId,
    },
  };
}

async function stop({ desk, logger }: Parts, planId: string, reason: string): Promise<string | undefined> {
  logger.warn({ planId, reason }, "a plan is stopped: its contract is over");
  const stopped = await desk.execute(
    { type: "StopPlan", data: { planId, reason } },
    engineMeta(derivedId("plan", planId, "stop", reason)),
  );
  return stopped.ok ? undefined : stopped.error.code;
}
