import { ticketFields, type ListField } from "@docket/api-contract";
import type { TicketEvent } from "@docket/domain";
import { isCustomer, type Principal } from "../auth/principal.ts";

type Data = Readonly<Record<string, unknown>>;

/**
 * What of each fact a customer's people see: the fields named, nothing else. A type that is not listed is the service
 * centre's own business, and so is any type that is invented later, until somebody lists it here.
 */
const shownToCustomer: Partial<Record<TicketEvent["type"], readonly string[]>> = {
  TicketRegistered: [
    "ticketId",
    "number",
    "contactId",
    "channel",
    "organizationId",
    "contractId",
    "requester",
    "language",
    "subject",
    "description",
    "product",
    "productVersion",
    "stepsToReproduce",
    "region",
    "wish",
    "provisional",
    "receivedAt",
    "attachments",
  ],
  TicketClassified: ["type", "priority", "previous", "reason", "product"],
  TicketAssigned: ["engineerName"],
  TicketAccepted: ["engineerName"],
  TicketHandedOver: ["engineerName"],
  TicketCustomerAsked: ["question"],
  TicketCustomerAnswered: ["contactId", "answer", "attachments"],
  TicketChangeProposed: [
    "proposalId",
    "kind",
    "scope",
    "schedule",
    "effort",
    "product",
    "productVersion",
    "needsDowntime",
  ],
  TicketChangeApproved: ["proposalId", "by"],
  TicketChangeRefused: ["proposalId", "by", "reason"],
  TicketChangeStarted: ["proposalId"],
  TicketDowntimeAnnounced: ["proposalId", "from", "to", "equipment", "message"],
  TicketUpdateInstalled: ["proposalId", "product", "version"],
  TicketCommented: ["text", "visibility", "attachments"],
  TicketMessageJoined: ["contactId", "from", "text", "attachments"],
  TicketAttachmentAdded: ["attachment"],
  TicketWorkaroundGiven: ["workaround"],
  TicketExtended: ["agreedBy", "agreedAt", "reason", "oldDeadline", "newDeadline"],
  TicketDeadlineMissed: ["clock", "cycle", "deadline"],
  TicketEscalated: ["escalationId", "by", "reason"],
  TicketEscalationActionsDecided: ["escalationId", "actions"],
  TicketEscalationActionsDone: ["escalationId", "outcome"],
  TicketEscalationReleased: ["escalationId"],
  TicketResolved: ["solution", "cycle", "autoCloseAt"],
  TicketReturned: ["reason", "contactId", "cycle"],
  TicketReminded: ["number", "of", "autoCloseAt"],
  TicketConfirmed: ["by"],
  TicketAutoClosed: ["because", "resolvedAt", "workingDays"],
  TicketWithdrawn: ["by", "reason"],
  TicketMarkedDuplicate: ["ofTicketId", "ofNumber"],
};

/** A fact's data as the caller may see it; undefined when he may not see the fact at all. */
export function factFor(caller: Principal, type: string, data: Data): Data | undefined {
  if (!isCustomer(caller)) return data;
  const shown = shownToCustomer[type as TicketEvent["type"]];
  if (shown === undefined || isInternal(type, data)) return undefined;
  return pick(data, shown);
}

/** Facts of a type that customers know, but of an internal kind. */
function isInternal(type: string, data: Data): boolean {
  if (type === "TicketCommented") return data["visibility"] !== "public";
  if (type === "TicketDeadlineMissed") return data["clock"] === "ola";
  if (type === "TicketEscalated") return data["by"] === "policy";
  return false;
}

const staffColumns: readonly (readonly [string, ListField])[] = Object.entries(ticketFields).filter(
  ([, field]) => field.staffOnly,
);

/** A row of a list without what the caller may not see. */
export function rowFor<T extends object>(caller: Principal, row: T): T {
  if (!isCustomer(caller)) return row;
  const seen = { ...row } as Record<string, unknown>;
  for (const [name] of staffColumns) delete seen[name];
  return seen as T;
}

/** The part of a ticket's further state that customers see as it is. */
const shownDetails = [
  "description",
  "productVersion",
  "stepsToReproduce",
  "requester",
  "language",
  "wish",
  "contactId",
  "engineerName",
  "question",
  "proposal",
  "downtime",
  "workaround",
  "solution",
  "returnReason",
  "extension",
  "reminders",
  "duplicateOf",
  "closingNote",
] as const;

/** A ticket's further state as the caller may see it: to customers, no internal files, no links, no inner escalations. */
export function detailsFor(caller: Principal, details: Data): Data {
  if (!isCustomer(caller)) return details;
  const attachments = listOf(details["attachments"]).flatMap(({ internal, ...file }) =>
    internal === true ? [] : [file],
  );
  const escalations = listOf(details["escalations"]).flatMap((one) =>
    one["by"] === "policy" ? [] : [pick(one, ["escalationId", "by", "reason", "state", "actions", "outcome"])],
  );
  return { ...pick(details, shownDetails), attachments, escalations };
}

const listOf = (value: unknown): Data[] => (Array.isArray(value) ? (value as Data[]) : []);

/** What of a contact's further state customers see. */
const shownContactDetails = ["wish", "product", "productVersion", "stepsToReproduce", "region", "attachments"] as const;

export function contactDetailsFor(caller: Principal, details: Data): Data {
  return isCustomer(caller) ? pick(details, shownContactDetails) : details;
}

/** What of a directory entry's state customers see; an absent kind is not shown to them at all. */
export function entryStateFor(caller: Principal, kind: string, state: Data): Data {
  if (!isCustomer(caller)) return state;
  switch (kind) {
    case "contract": {
      const { supportKeys: _keys, serviceManagerId: _manager, policy, policies, ...rest } = state;
      return {
        ...rest,
        ...(isData(policy) ? { policy: policyFor(policy) } : {}),
        ...(Array.isArray(policies) ? { policies: policies.map((version) => versionFor(version)) } : {}),
      };
    }
    default:
      return state;
  }
}

const versionFor = (version: unknown): unknown =>
  isData(version) && isData(version["policy"]) ? { ...version, policy: policyFor(version["policy"]) } : version;

/** The internal acceptance times and the chain of warnings are not the customer's. */
function policyFor(policy: Data): Data {
  const { ola: _ola, chain: _chain, ...rest } = policy;
  return rest;
}

const isData = (value: unknown): value is Data => typeof value === "object" && value !== null && !Array.isArray(value);

function pick(data: Data, names: readonly string[]): Data {
  return Object.fromEntries(names.flatMap((name) => (name in data ? [[name, data[name]]] : [])));
}
