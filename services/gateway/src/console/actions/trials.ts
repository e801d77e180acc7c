import { randomUUID } from "node:crypto";
import type { TicketCommandKey } from "@docket/api-contract";
import {
  allowedPriorities,
  findPerson,
  valuesOf,
  type Directory,
  type Group,
  type Priority,
  type TicketState,
  type TicketType,
} from "@docket/domain";
import { isCustomer, type Principal } from "../../auth/principal.ts";

/** A command's data as somebody might send it, to hear what the decider would say. */
export type Trial = Readonly<Record<string, unknown>>;

const said = "—";
const dayMs = 86_400_000;
const iso = (at: number): string => new Date(at).toISOString();
/** More pairs of group and engineer than this are not tried: nobody chooses from such a list. */
const mostPairs = 1_000;

export interface TrialGround {
  readonly caller: Principal;
  readonly state: TicketState;
  readonly directory: Directory;
  readonly now: number;
}

/** Every type with every priority that the regulation lets it have (R §3.3). */
export const classifications: readonly { readonly type: TicketType; readonly priority: Priority }[] = (
  Object.entries(allowedPriorities) as [TicketType, readonly Priority[]][]
).flatMap(([type, priorities]) => priorities.map((priority) => ({ type, priority })));

/** Whom a ticket could be given: each group as a whole, and each of its active members. */
export function destinations({ directory }: Pick<TrialGround, "directory">): {
  readonly group: Group;
  readonly engineerId: string | null;
}[] {
  const groups = [...valuesOf(directory.groups)].toSorted((a, b) => a.line - b.line || a.name.localeCompare(b.name));
  return groups
    .flatMap((group) => [null, ...group.memberIds].map((engineerId) => ({ group, engineerId })))
    .slice(0, mostPairs);
}

/** In whose name a decision of the customer is tried: his own, or the requester's where staff writes it down. */
function speaker({ caller, state, directory }: TrialGround): unknown {
  if (!isCustomer(caller)) return state.requester;
  const person = caller.personId === null ? null : findPerson(directory, caller.personId);
  return { personId: caller.personId, name: person?.name ?? caller.name, email: null, phone: null };
}

/**
 * What might be sent for a command, given how things stand: all that a form could offer where the choice decides, one example
 * where any text would do. The decider then says which of it may be done.
 */
export function trialsOf(key: TicketCommandKey, ground: TrialGround): readonly Trial[] {
  const { caller, state, now } = ground;
  const by = speaker(ground);
  const proposals = state.proposals.length > 0 ? state.proposals.map(({ proposalId }) => proposalId) : [randomUUID()];
  const escalations =
    state.escalations.length > 0 ? state.escalations.map(({ escalationId }) => escalationId) : [randomUUID()];
  switch (key) {
    case "classify":
      return classifications.map((pair) => ({ ...pair, reason: said, product: state.product }));
    case "assign":
      return [
        { groupId: null, engineerId: null, reason: null },
        ...destinations(ground).map(({ group, engineerId }) => ({ groupId: group.groupId, engineerId, reason: null })),
      ];
    case "handOver":
      return destinations(ground).map(({ group, engineerId }) => ({
        toLine: group.line,
        groupId: group.groupId,
        engineerId,
        reason: said,
      }));
    case "askCustomer":
      return [{ question: said }];
    case "answerCustomer":
      return [{ contactId: null, answer: said, attachments: [] }];
    case "proposeChange":
      return [
        {
          proposalId: randomUUID(),
          kind: "configuration",
          scope: said,
          schedule: said,
          effort: said,
          product: null,
          productVersion: null,
          needsDowntime: false,
        },
      ];
    case "approveChange":
      return proposals.map((proposalId) => ({ proposalId, by }));
    case "refuseChange":
      return proposals.map((proposalId) => ({ proposalId, by, reason: said }));
    case "startChange":
      return proposals.map((proposalId) => ({ proposalId }));
    case "announceDowntime":
      return [{ proposalId: null, from: iso(now + dayMs), to: iso(now + 2 * dayMs), equipment: said, message: "" }];
    case "recordUpdateInstalled":
      return proposals.map((proposalId) => ({
        proposalId,
        product: state.proposals.find((known) => known.proposalId === proposalId)?.product ?? said,
        version: said,
      }));
    case "comment":
      return [{ text: said, visibility: "public", attachments: [] }];
    case "logCall":
      return [{ direction: "incoming", with: said, summary: said, seconds: 0 }];
    case "addAttachment":
      return [{ attachment: { sha256: "0".repeat(64), name: said, size: 0, mediaType: "text/plain" } }];
    case "link":
      return [{ toTicketId: randomUUID(), kind: "related" }];
    case "giveWorkaround":
      return [{ workaround: said }];
    case "extend":
      return [{ agreedBy: by, agreedAt: iso(now), newDeadline: iso(now + 3_650 * dayMs), reason: said }];
    case "escalate":
      return (isCustomer(caller) ? ["customer"] : ["customer", "service_manager"]).map((side) => ({
        escalationId: randomUUID(),
        by: side,
        reason: said,
      }));
    case "studyEscalation":
      return escalations.map((escalationId) => ({ escalationId, findings: said }));
    case "decideEscalationActions":
      return escalations.map((escalationId) => ({ escalationId, actions: said }));
    case "completeEscalationActions":
      return escalations.map((escalationId) => ({ escalationId, outcome: said }));
    case "releaseEscalation":
      return escalations.map((escalationId) => ({ escalationId, reason: said }));
    case "resolve":
      return [{ solution: said }];
    case "returnToWork":
      return [{ reason: said, contactId: null }];
    case "confirm":
      return [{ by }];
    case "withdraw":
      return [{ by, reason: null }];
    case "markDuplicate":
      return [{ ofTicketId: randomUUID(), ofNumber: "SC-000000" }];
    default:
      return [{}];
  }
}
