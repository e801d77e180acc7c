import type { FastifyInstance, FastifyReply } from "fastify";
import type { z } from "zod";
import type { Settled } from "@docket/command-handling";
import {
  contactRoutes,
  type alertBody,
  type chatBody,
  type IntakeReply,
  type managerBody,
  type phoneBody,
  type portalBody,
} from "@docket/api-contract";
import { findOrganization, findPerson, type AnyEvent, type ContactChannel, type Fact } from "@docket/domain";
import { derivedId } from "@docket/event-store";
import { handOver, ownUploads } from "../attachments/uploads.ts";
import { isCustomer, type Principal } from "../auth/principal.ts";
import type { Call, Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { engineMeta, metaFor } from "../tickets/command-meta.ts";
import type { TicketFinder } from "../tickets/find.ts";
import { accepted, refusalOf } from "../tickets/outcome.ts";
import type { Received } from "./received.ts";

type Output<S> = S extends z.ZodType ? z.output<S> : never;
type IntakeCall<S> = Call<undefined, undefined, Output<S>>;

interface Parts {
  readonly finder: TicketFinder;
}

/** Contacts by portal form, phone form, monitoring, chat, and of named persons to the service manager. */
export function serveIntake(app: FastifyInstance, serving: Serving, parts: Parts): void {
  const { deps, serve } = serving;
  const { clock, desk, db } = deps;

  serve(app, contactRoutes.portal, { rateLimit: deps.settings.GATEWAY_INTAKE_PER_MINUTE }, (call) => portal(call));
  serve(app, contactRoutes.phone, {}, (call) => phone(call));
  serve(app, contactRoutes.alert, {}, (call) => alert(call));
  serve(app, contactRoutes.manager, {}, (call) => manager(call));
  serve(app, contactRoutes.chat, {}, (call) => chat(call));

  async function portal(call: IntakeCall<typeof portalBody>): Promise<IntakeReply> {
    const { visitor, body } = call;
    if (visitor !== null) demand(visitor, { do: "intake", channel: "portal" });
    const received = await arrival(call, "portal", call.idFor("contact"), {
      subject: body.subject,
      text: body.description,
      claims: {
        ...claimsOf(body),
        organization: body.company,
        personName: body.contactPerson,
        email: body.email,
        phone: body.phone ?? null,
      },
      wish: { type: body.type, priority: body.priority },
      product: body.product,
      productVersion: body.productVersion ?? null,
      stepsToReproduce: body.stepsToReproduce ?? null,
      region: body.region ?? null,
    });
    return take(call, visitor, received);
  }

  async function phone(call: IntakeCall<typeof phoneBody>): Promise<IntakeReply> {
    const { caller, body } = call;
    demand(caller, { do: "intake", channel: "phone" });
    if (body.verified !== undefined) demand(caller, { do: "decideContact", commandType: "VerifyContact" });
    const received = await arrival(call, "phone", call.idFor("contact"), {
      subject: body.subject,
      text: body.text,
      claims: {
        ...claimsOf(body),
        organization: body.organization ?? null,
        personName: body.personName ?? null,
        email: body.email ?? null,
        phone: body.phone ?? null,
      },
      wish: { type: body.type ?? null, priority: body.priority ?? null },
      product: body.product ?? null,
      productVersion: body.productVersion ?? null,
      stepsToReproduce: body.stepsToReproduce ?? null,
      region: body.region ?? null,
      aboutTicketId:
        body.aboutTicketId === undefined ? null : (await parts.finder.resolve(caller, body.aboutTicketId)).ticketId,
      // a call that is entered later arrived when it was made
      ...(body.occurredAt === undefined ? {} : { receivedAt: body.occurredAt }),
    });
    if (body.verified === undefined) return take(call, caller, received, body.occurredAt);
    const arrived = await receive(caller, received, body.occurredAt);
    const { contactId } = received;
    const vouched = await desk.execute(
      { type: "VerifyContact", data: { contactId, ...body.verified } },
      metaFor(caller, { commandId: call.idFor("verify"), correlationId: contactId }),
    );
    // Whoever takes up what lies about may have been faster: then the contact has become what its own key says.
    if (vouched.ok || vouched.error.code !== "contact_settled") accepted(vouched, caller.language);
    const written = vouched.ok && !vouched.repeated ? arrived && [...arrived, ...vouched.events] : undefined;
    return settledReply(call.reply, caller, contactId, await deps.intake.settle(contactId, written));
  }

  async function alert(call: IntakeCall<typeof alertBody>): Promise<IntakeReply> {
    const { caller, body } = call;
    demand(caller, { do: "intake", channel: "monitoring" });
    const received = await arrival(call, "monitoring", derivedId("alert", caller.accountId, body.alertId), {
      subject: body.title,
      text: body.text,
      claims: { ...claimsOf(body), organization: organizationName(caller) },
      wish: { type: "incident", priority: body.severity ?? null },
      product: body.product ?? null,
      productVersion: body.productVersion ?? null,
      region: body.region ?? null,
      authenticatedPersonId: caller.accountId,
      ...(body.observedAt === undefined ? {} : { receivedAt: body.observedAt }),
    });
    return take(call, caller, received, body.observedAt);
  }

  async function manager(call: IntakeCall<typeof managerBody>): Promise<IntakeReply> {
    const { caller, body } = call;
    demand(caller, { do: "intake", channel: "manager" });
    const received = await arrival(call, "manager", call.idFor("contact"), {
      subject: body.subject,
      text: body.text,
      claims: { ...claimsOf(body), ...selfClaims(caller) },
      wish: { type: body.type ?? null, priority: body.priority ?? null },
      product: body.product ?? null,
    });
    return take(call, caller, received);
  }

  async function chat(call: IntakeCall<typeof chatBody>): Promise<IntakeReply> {
    const { caller, body } = call;
    demand(caller, { do: "intake", channel: "chat" });
    const self = caller.role === "requester" ? selfClaims(caller) : {};
    const about =
      body.aboutTicketId === undefined ? null : (await parts.finder.resolve(caller, body.aboutTicketId)).ticketId;
    const received = await arrival(call, "chat", derivedId("chat", caller.accountId, body.messageId), {
      subject: body.subject ?? firstLine(body.text),
      text: body.text,
      claims: {
        ...claimsOf(body),
        organization: body.organization ?? organizationName(caller),
        personName: body.personName ?? null,
        email: body.email ?? null,
        phone: body.phone ?? null,
        ...self,
      },
      wish: { type: body.type ?? null, priority: body.priority ?? null },
      product: body.product ?? null,
      aboutTicketId: about,
    });
    return take(call, caller, received);
  }

  /** The fact of an arrival: what every channel fills the same way, and what this one says. */
  async function arrival(
    { visitor, body }: Call<undefined, undefined, unknown>,
    channel: ContactChannel,
    contactId: string,
    said: Pick<Received, "subject" | "text" | "wish"> & { claims: Partial<Received["claims"]> } & Partial<
        Omit<Received, "claims">
      >,
  ): Promise<Received> {
    const files = (body as { attachments?: Received["attachments"] }).attachments ?? [];
    return {
      product: null,
      productVersion: null,
      stepsToReproduce: null,
      region: null,
      raw: null,
      mail: null,
      aboutTicketId: null,
      authenticatedPersonId: visitor?.personId ?? null,
      receivedAt: clock.now().toISOString(),
      ...said,
      contactId,
      channel,
      claims: { ...noClaims, ...said.claims },
      attachments: await ownUploads(db, visitor?.accountId, files, "attachments"),
    };
  }

  /** Keeps the contact, then takes it as far as it goes by itself. */
  async function take(
    call: Call<undefined, undefined, unknown>,
    visitor: Principal | null,
    received: Received,
    occurredAt?: string,
  ): Promise<IntakeReply> {
    const { contactId } = received;
    await handOver(deps, visitor, received.attachments, () => deps.whose.contact(contactId, received));
    const arrived = await receive(visitor, received, occurredAt);
    return intakeReplyTo(call.reply, visitor, contactId, await deps.intake.settle(contactId, arrived));
  }

  /**
   * The first fact. A contact that is there already (the same alert, the same key) is the one that was meant; then nothing is
   * given back, since more may have become of it.
   */
  async function receive(
    visitor: Principal | null,
    received: Received,
    occurredAt?: string,
  ): Promise<readonly Fact<AnyEvent>[] | undefined> {
    const options = {
      commandId: derivedId("receive", received.contactId),
      occurredAt,
      correlationId: received.contactId,
    };
    const meta =
      visitor === null
        ? { ...engineMeta(options), channel: received.channel }
        : { ...metaFor(visitor, options), channel: received.channel };
    const { events, repeated } = accepted(await desk.execute({ type: "ReceiveContact", data: received }, meta));
    return repeated ? undefined : events;
  }

  const organizationName = (caller: Principal): string | null =>
    caller.organizationId === null ? null : (findOrganization(deps.directory(), caller.organizationId)?.name ?? null);

  function selfClaims(caller: Principal): Partial<Received["claims"]> {
    const person = caller.personId === null ? null : findPerson(deps.directory(), caller.personId);
    return {
      organization: organizationName(caller),
      personName: person?.name ?? caller.name,
      email: person?.emails[0] ?? null,
      phone: person?.phones[0] ?? null,
    };
  }
}

const noClaims: Received["claims"] = {
  organization: null,
  supportKey: null,
  contractNumber: null,
  personName: null,
  email: null,
  otherEmail: null,
  phone: null,
};

const claimsOf = (body: {
  supportKey?: string | undefined;
  contractNumber?: string | undefined;
}): Partial<Received["claims"]> => ({
  supportKey: body.supportKey ?? null,
  contractNumber: body.contractNumber ?? null,
});

const firstLine = (text: string): string => (text.trim().split("\n")[0] ?? "").slice(0, 120).toWellFormed();

/** What became of a contact, as its sender may know it: whether he was doubted, and why, is the centre's business. */
export function intakeReplyTo(
  answer: FastifyReply,
  visitor: Principal | null,
  contactId: string,
  settled: Settled,
): IntakeReply {
  const { status, doubts, ticket, position } = settled;
  if (position !== "0") answer.header("docket-position", position);
  const staff = visitor !== null && !isCustomer(visitor) && visitor.role !== "machine";
  return { contactId, status, doubts: staff ? ([...doubts] as IntakeReply["doubts"]) : [], ticket, position };
}

/** The same where an operator has decided: a rule that refuses what follows from it is told to him. */
export function settledReply(
  answer: FastifyReply,
  caller: Principal,
  contactId: string,
  settled: Settled,
): IntakeReply {
  if (settled.refused !== undefined) throw refusalOf({ ok: false, error: settled.refused }, caller.language);
  return intakeReplyTo(answer, caller, contactId, settled);
}
