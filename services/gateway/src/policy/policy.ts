import type { ListField, Scope, TicketCommandKey } from "@docket/api-contract";
import { mayRole, ticketCommands, type ContactChannel } from "@docket/domain";
import { isCustomer, type Principal } from "../auth/principal.ts";
import { always, and, never, not, oneOf, type Filter } from "../query/filter.ts";

/*
 * Who may see and do what: the only place that says so. Queries, counts, searches, histories, the journal, files and socket
 * frames ask `visibility` for the rows, `redaction.ts` for the fields; everything that acts asks `can`.
 *
 * - A customer's people (requester; a machine of an organization) see their own organization, and of it nothing that is the
 *   service centre's own business: internal notes, internal acceptance clocks (OLA), lines, groups, hand-overs, doubts.
 * - Staff (operator, engineer, expert, service manager, admin) and analysts see every ticket.
 * - The journal and replays are for auditors, reports, forecasts and what-ifs for analysts and service managers.
 * - A token may do no more than its scopes, whatever its role.
 */

export type Action =
  | { readonly do: "command"; readonly key: TicketCommandKey }
  | { readonly do: "intake"; readonly channel: Exclude<ContactChannel, "email"> }
  | { readonly do: "decideContact"; readonly commandType: "VerifyContact" | "RejectContact" | "RecordContactJoined" }
  | { readonly do: "directoryCommand"; readonly commandType: string }
  | { readonly do: "see"; readonly what: Resource }
  | {
      readonly do:
        | "replay"
        | "audit"
        | "seeRights"
        | "report"
        | "administer"
        | "upload"
        | "seeRaw"
        | "seeRouting"
        | "rate"
        | "presence";
    }
  /** own settings; views for all staff; texts for answers */
  | {
      readonly do:
        "ownSettings" | "shareView" | "useTemplates" | "editTemplates" | "seeMailLog" | "bulk" | "seeHistory";
    };

export type Resource = "ticket" | "contact" | "clock" | "judgement" | "journal" | DirectoryKind;
export type DirectoryKind =
  "organization" | "contract" | "calendar" | "staff" | "group" | "routing-rules" | "plan" | "letter" | "survey";

export type Verdict =
  { readonly ok: true } | { readonly ok: false; readonly code: "forbidden" | "scope_missing"; readonly scope?: Scope };

const yes: Verdict = { ok: true };
const no: Verdict = { ok: false, code: "forbidden" };

const centre = new Set(["operator", "engineer", "expert", "service_manager", "admin"]);
const analysts = new Set(["analyst", "service_manager"]);
const readers = new Set([...centre, "auditor", "analyst"]);

/** May this caller do this at all? Which rows it touches, `visibility` says. */
export function can(caller: Principal, action: Action): Verdict {
  const scope = scopeOf(action);
  if (!caller.scopes.includes(scope)) return { ok: false, code: "scope_missing", scope };
  return allowed(caller, action) ? yes : no;
}

function scopeOf(action: Action): Scope {
  switch (action.do) {
    case "command":
    case "decideContact":
    case "rate":
    case "editTemplates":
    case "bulk":
      return "command";
    case "intake":
    case "upload":
      return "intake";
    case "directoryCommand":
    case "administer":
      return "admin";
    case "replay":
    case "audit":
    case "seeRights":
      return "audit";
    case "see":
      return action.what === "journal" ? "audit" : "read";
    default:
      return "read";
  }
}

function allowed(caller: Principal, action: Action): boolean {
  const { role } = caller;
  switch (action.do) {
    case "command":
      return mayRole(role, ticketCommands[action.key].type);
    case "decideContact":
    case "directoryCommand":
      return mayRole(role, action.commandType);
    case "intake":
      return mayIntake(caller, action.channel);
    case "see":
      return visibility(caller, action.what).op !== "never";
    case "rate":
      return mayRole(role, "RateTicket");
    case "replay":
    case "audit":
      return role === "auditor";
    case "seeRights":
      return role === "auditor" || role === "admin";
    case "report":
      return analysts.has(role);
    case "administer":
      return role === "admin";
    case "upload":
      return mayRole(role, "ReceiveContact") || mayRole(role, ticketCommands.addAttachment.type);
    case "seeRaw":
    case "seeHistory":
    case "seeRouting":
    case "presence":
      return readers.has(role);
    case "ownSettings":
      return visibility(caller, "ticket").op !== "never";
    case "shareView":
      return readers.has(role);
    case "useTemplates":
    case "seeMailLog":
    case "bulk":
      return centre.has(role);
    case "editTemplates":
      return role === "service_manager" || role === "admin";
  }
}

function mayIntake({ role, personId }: Principal, channel: Exclude<ContactChannel, "email">): boolean {
  switch (channel) {
    case "portal":
      return role === "requester" || centre.has(role);
    case "phone":
      return centre.has(role);
    case "monitoring":
      return role === "machine";
    case "manager":
      return role === "requester" && personId !== null;
    case "chat":
      return role === "machine" || role === "requester" || centre.has(role);
  }
}

/** The rows of a read model that this caller sees: the condition that every reading of it bears. */
export function visibility(caller: Principal, resource: Resource): Filter {
  const { role, organizationId } = caller;
  if (resource === "journal") return role === "auditor" ? always : never;
  if (!isCustomer(caller)) return readers.has(role) ? always : never;
  if (organizationId === null) return never;
  const own = oneOf("organization_id", organizationId);
  switch (resource) {
    case "ticket":
    case "contact":
      return own;
    case "judgement":
      return and(own, not(oneOf("kind", "ola")));
    case "clock":
      return and({ op: "ofTicket", of: own }, not(oneOf("kind", "ola")));
    case "organization":
      return oneOf("entry_id", organizationId);
    case "contract":
    case "plan":
      return own;
    case "calendar":
      return { op: "calendarOf", organizationId };
    default:
      return never;
  }
}

/** May the caller see, filter by and sort by this column? */
export const mayUseField = (caller: Principal, field: ListField): boolean => !field.staffOnly || !isCustomer(caller);
