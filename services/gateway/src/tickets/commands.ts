import type { FastifyInstance } from "fastify";
import { ticketCommandRoutes, type TicketCommandKey } from "@docket/api-contract";
import { findPerson, ticketCommands, type AnyCommand, type Attachment } from "@docket/domain";
import { handOver, ownUploads } from "../attachments/uploads.ts";
import { isCustomer, type Principal } from "../auth/principal.ts";
import type { Directory } from "../directory/directory.ts";
import type { Call, Serving } from "../http/serve.ts";
import { Refusal } from "../http/refusal.ts";
import { languageOf } from "../http/language.ts";
import { demand } from "../policy/enforce.ts";
import { factFor } from "../policy/redaction.ts";
import { metaFor } from "./command-meta.ts";
import type { TicketFinder } from "./find.ts";
import { seenRevision } from "./if-match.ts";
import { accepted, replyTo } from "./outcome.ts";

type Body = Record<string, unknown>;
type CommandCall = Call<{ ticket: string }, undefined, Body>;

interface Parts {
  readonly finder: TicketFinder;
  readonly directory: Directory;
}

/** POST /tickets/{ticket}/commands/{name}: every command that a person may send. */
export function serveTicketCommands(app: FastifyInstance, serving: Serving, parts: Parts): void {
  const { deps, serve } = serving;

  for (const [key, route] of ticketCommandRoutes) {
    serve(app, route, {}, async (call) => carryOut(key, call as unknown as CommandCall));
  }

  async function carryOut(key: TicketCommandKey, call: CommandCall): Promise<unknown> {
    const { caller, params, request, reply } = call;
    demand(caller, { do: "command", key });
    const { ticketId } = await parts.finder.resolve(caller, params.ticket, { trustId: true });
    const { occurredAt, ...body } = call.body as Body & { occurredAt?: string };
    const data = { ...(await complete(key, body, ticketId, call)), ticketId };
    const command = { type: ticketCommands[key].type, data } as AnyCommand;
    const meta = metaFor(caller, { commandId: call.idFor("command"), occurredAt, ifRevision: seenRevision(request) });
    const language = languageOf(request.headers["accept-language"]) ?? caller.language;
    const result = replyTo(reply, accepted(await deps.desk.execute(command, meta), language), ticketId);
    if (!isCustomer(caller)) return result;
    return { ...result, events: result.events.flatMap((event) => shownEvent(caller, event)) };
  }

  /** What the sender may leave out, and what only we can know. */
  async function complete(key: TicketCommandKey, body: Body, ticketId: string, call: CommandCall): Promise<Body> {
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

  function shownEvent<E extends { type: string; data: Record<string, unknown> }>(caller: Principal, event: E): E[] {
    const data = factFor(caller, event.type, event.data);
    return data === undefined ? [] : [{ ...event, data }];
  }
}
