import { randomUUID } from "node:crypto";
import {
  errorText,
  kebab,
  personTicketCommands,
  type Destination,
  type TicketActions,
  type TicketCommandKey,
} from "@docket/api-contract";
import {
  contractHoldsAt,
  contractsOf,
  decide,
  findPerson,
  findStaff,
  mayRole,
  terms,
  ticketCommands,
  type AnyCommand,
  type CommandMeta,
  type DomainError,
  type Language,
  type Priority,
  type TicketType,
} from "@docket/domain";
import { isCustomer } from "../../auth/principal.ts";
import { can } from "../../policy/policy.ts";
import { metaFor } from "../../tickets/command-meta.ts";
import { fieldsOf } from "./fields.ts";
import { destinations, trialsOf, type Trial, type TrialGround } from "./trials.ts";

interface Ground extends TrialGround {
  readonly load: (staffId: string) => number;
  readonly language: Language;
}

/**
 * What may be done to a ticket by who asks: every command is put to the decider itself, with all that a form could offer.
 * Nothing is written; there is no second list of rules that could say something else.
 */
export function actionsOf(ground: Ground): TicketActions {
  const { caller, state, language, now } = ground;
  const meta = metaFor(caller, { commandId: randomUUID() });
  const shown = personTicketCommands.filter(
    (key) => !isCustomer(caller) || mayRole(caller.role, ticketCommands[key].type),
  );
  const accepted = new Map<TicketCommandKey, readonly Trial[]>();
  const items = shown.map((key) => {
    const { passed, refusal } = tryAll(key, ground, meta);
    accepted.set(key, passed);
    return {
      command: kebab(key),
      title: ticketCommands[key].title[language],
      allowed: passed.length > 0,
      reason: passed.length > 0 || refusal === undefined ? null : reasonOf(refusal, language),
      fields: fieldsOf(key, caller, state, language),
    };
  });
  const people = isCustomer(caller) ? [] : speakers(ground);
  return {
    ticketId: state.ticketId,
    number: state.number,
    revision: state.revision,
    status: state.status,
    at: new Date(now).toISOString(),
    items,
    choices: {
      types: typesOf(accepted.get("classify") ?? [], language),
      assign: destinationsOf(ground, accepted.get("assign") ?? []),
      handOver: destinationsOf(ground, accepted.get("handOver") ?? []),
      lines: [...new Set((accepted.get("handOver") ?? []).map(({ toLine }) => toLine as 1 | 2 | 3))].toSorted(),
      proposals: state.proposals.map(({ proposalId, kind, state: stands }) => ({ proposalId, kind, state: stands })),
      escalations: state.escalations
        .filter(({ by }) => by !== "policy" || !isCustomer(caller))
        .map(({ escalationId, by, state: stands }) => ({ escalationId, by, state: stands })),
      people,
    },
  };
}

/** The trials of a command that the decider accepts; when none, its first refusal. */
export function tryAll(
  key: TicketCommandKey,
  ground: Ground,
  meta: CommandMeta,
): { readonly passed: readonly Trial[]; readonly refusal: DomainError | undefined } {
  const verdict = can(ground.caller, { do: "command", key });
  // what the role lacks, the decider says in its own words; a token's missing scope only we know
  if (!verdict.ok && verdict.code === "scope_missing")
    return { passed: [], refusal: { code: verdict.code, params: { scope: verdict.scope ?? null } } };
  const passed: Trial[] = [];
  let refusal: DomainError | undefined;
  for (const trial of trialsOf(key, ground)) {
    const command = {
      type: ticketCommands[key].type,
      data: { ...trial, ticketId: ground.state.ticketId },
    } as unknown as AnyCommand;
    const decision = decide(command, meta, { kind: "ticket", state: ground.state }, ground);
    if (decision.ok) passed.push(trial);
    else refusal ??= decision.error;
  }
  return { passed, refusal };
}

const byRole: ReadonlySet<string> = new Set(["not_permitted", "forbidden", "scope_missing", "not_a_party"]);

export function reasonOf(
  { code, field, params }: DomainError,
  language: Language,
): { code: string; title: string; kind: "role" | "state" | "input" } {
  const kind = byRole.has(code) ? "role" : field?.startsWith("data.") ? "input" : "state";
  return { code, title: errorText(code, language, params), kind };
}

function typesOf(passed: readonly Trial[], language: Language): TicketActions["choices"]["types"] {
  const types = new Map<TicketType, Priority[]>();
  for (const { type, priority } of passed as readonly { type: TicketType; priority: Priority }[])
    types.set(type, [...(types.get(type) ?? []), priority]);
  return [...types].map(([value, priorities]) => ({
    value,
    title: terms.ticketType[value][language],
    priorities: priorities.map((priority) => ({ value: priority, title: terms.priority[priority][language] })),
  }));
}

function destinationsOf(ground: Ground, passed: readonly Trial[]): Destination[] {
  if (isCustomer(ground.caller)) return [];
  const found = new Map<string, Destination>();
  const fits = new Set(passed.map(({ groupId, engineerId }) => `${String(groupId)}/${String(engineerId)}`));
  for (const { group, engineerId } of destinations(ground)) {
    if (!fits.has(`${group.groupId}/${String(engineerId)}`)) continue;
    const { groupId, name, line, kind } = group;
    const known = found.get(groupId) ?? { groupId, name, line, kind, whole: false, engineers: [] };
    const staff = engineerId === null ? null : findStaff(ground.directory, engineerId);
    found.set(groupId, {
      ...known,
      whole: known.whole || engineerId === null,
      engineers:
        staff === null
          ? known.engineers
          : [
              ...known.engineers,
              {
                staffId: staff.staffId,
                name: staff.name,
                available: staff.available,
                load: ground.load(staff.staffId),
              },
            ],
    });
  }
  return [...found.values()];
}

/** In whose name staff may write down what the customer decided: the requester, then those whom the contract authorises. */
function speakers({ state, directory, now }: Ground): TicketActions["choices"]["people"] {
  const { personId, name, email, phone } = state.requester;
  const authorised = contractsOf(directory, state.organizationId)
    .filter((contract) => contract.contractId === state.contractId && contractHoldsAt(directory, contract, now))
    .flatMap(({ authorisedPersonIds, managerContactPersonIds }) => [
      ...authorisedPersonIds,
      ...managerContactPersonIds,
    ]);
  const others = [...new Set(authorised)].filter((id) => id !== personId).slice(0, 200);
  return [
    { personId, name, email, phone },
    ...others.flatMap((id) => {
      const person = findPerson(directory, id);
      return person === null
        ? []
        : [{ personId: id, name: person.name, email: person.emails[0] ?? null, phone: person.phones[0] ?? null }];
    }),
  ];
}
