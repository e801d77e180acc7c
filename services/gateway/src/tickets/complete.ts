import type { TicketCommandKey } from "@docket/api-contract";
import { findPerson, type Attachment } from "@docket/domain";
import { handOver, ownUploads } from "../attachments/uploads.ts";
import { isCustomer, type Principal } from "../auth/principal.ts";
import type { GatewayDeps } from "../deps.ts";
import type { Directory } from "../directory/directory.ts";
import { Refusal } from "../http/refusal.ts";
import type { TicketFinder } from "./find.ts";

type Body = Record<string, unknown>;

/** Who sends a command, and the ids of what it makes. */
export interface Sender {
  readonly caller: Principal;
  idFor(what: string): string;
}

export type Complete = (key: TicketCommandKey, body: Body, ticketId: string, sender: Sender) => Promise<Body>;

/** Makes a command's data of a body: what the sender may leave out, and what only we can know. Throws refusals. */
export function completer(
  deps: GatewayDeps,
  parts: { readonly finder: TicketFinder; readonly directory: Directory },
): Complete {
  return complete;

  async function complete(key: TicketCommandKey, body: Body, ticketId: string, call: Sender): Promise<Body> {
    const { caller } = call;
    switch (key) {
      case "classify":
        return body["product"] === undefined
          ? { ...body, product: (await deps.desk.ticket(ticketId))?.product ?? null }
          : body;
      case "proposeChange":
        return { ...body, proposalId: body["proposalId"] ?? call.idFor("proposal") };
      case "escalate":
        return {
          ...body,
          escalationId: body["escalationId"] ?? call.idFor("escalation"),
          by: escalatesAs(caller, body["by"]),
        };
      case "approveChange":
      case "refuseChange":
      case "confirm":
      case "withdraw":
        return { ...body, by: speaker(caller, body["by"], "by") };
      case "extend":
        return { ...body, agreedBy: speaker(caller, body["agreedBy"], "agreedBy") };
      case "comment":
        if (isCustomer(caller) && body["visibility"] !== "public")
          throw new Refusal("forbidden", { field: "visibility" });
        return withFiles(caller, body, ticketId);
      case "answerCustomer":
        return withFiles(caller, body, ticketId);
      case "addAttachment": {
        const [attachment] = await ownUploads(
          deps.db,
          caller.accountId,
          [body["attachment"] as Attachment],
          "attachment",
        );
        if (attachment !== undefined) await handOver(deps, caller, [attachment], () => deps.whose.ticket(ticketId));
        return { ...body, attachment };
      }
      case "link":
        return { ...body, toTicketId: (await parts.finder.resolve(caller, body["toTicketId"] as string)).ticketId };
      case "markDuplicate": {
        const { ticketId: ofTicketId } = await parts.finder.resolve(caller, body["ofTicketId"] as string);
        const [ticket, original] = await Promise.all([deps.desk.ticket(ticketId), deps.desk.ticket(ofTicketId)]);
        if (original === null) throw new Refusal("ticket_not_found", { field: "ofTicketId" });
        // The requester is told the other number, and may look it up.
        if (ticket !== null && ticket.organizationId !== original.organizationId)
          throw new Refusal("other_customers_ticket", { field: "ofTicketId" });
        return { ofTicketId, ofNumber: original.number };
      }
      default:
        return body;
    }
  }

  async function withFiles(caller: Principal, body: Body, ticketId: string): Promise<Body> {
    const given = body["attachments"] as Attachment[];
    const attachments = await ownUploads(deps.db, caller.accountId, given, "attachments");
    await handOver(deps, caller, attachments, () => deps.whose.ticket(ticketId));
    return { ...body, attachments };
  }

  /** The person in whose name something is decided: the customer's person himself, or whom the member of staff names. */
  function speaker(caller: Principal, given: unknown, field: string): unknown {
    if (caller.role !== "requester") {
      if (given === undefined) throw new Refusal("required", { field });
      return given;
    }
    const person = caller.personId === null ? null : findPerson(parts.directory.now(), caller.personId);
    return {
      personId: caller.personId,
      name: person?.name ?? caller.name,
      email: person?.emails[0] ?? null,
      phone: person?.phones[0] ?? null,
    };
  }

  function escalatesAs(caller: Principal, given: unknown): unknown {
    if (caller.role === "requester") return "customer";
    if (given === undefined) return caller.role === "service_manager" ? "service_manager" : "customer";
    return given;
  }
}
