import {
  type Actor,
  type AnyCommand,
  type AnyEvent,
  type CommandMeta,
  type ContactEvent,
  type ContactStatus,
  type Directory,
  type DomainError,
  type Fact,
  findOrganization,
  findPerson,
  streamNameOf,
  type TicketState,
} from "@docket/domain";
import { derivedId, derivedIdAt, type EventStore, type TicketNumbers } from "@docket/event-store";
import type { CommandResult, Desk, StateReader } from "./api.ts";

export interface IntakeParts {
  readonly desk: Desk & StateReader;
  readonly store: Pick<EventStore, "load">;
  readonly directory: { current(): Directory };
  readonly numbers: TicketNumbers;
}

/** What became of a contact. */
export interface Settled {
  /** `verified` when a rule refused the last step (`refused` says which): an operator has to look */
  readonly status: ContactStatus;
  /** why it is held */
  readonly doubts: readonly string[];
  readonly ticket: { readonly ticketId: string; readonly number: string; readonly revision: number } | null;
  /** log position (commit) of the last step, as a decimal string */
  readonly position: string;
  readonly refused?: DomainError;
}

export interface Intake {
  /**
   * Takes a contact that was received as far as it goes by itself: checks the entitlement; then registers a ticket, or
   * joins the message to the ticket that it belongs to by proof, or leaves it to an operator. To be called after
   * ReceiveContact and after VerifyContact. What an operator vouched for is registered in his name, whoever carries it out; all
   * else in the engine's own.
   *
   * It may be called again at any time, by anybody, also by two at once: every step's ids follow from the contact, so
   * that a second run finds what the first one did and goes on where it ended. Throws StoreUnavailable.
   *
   * `facts`: the contact's facts from its first on, where the caller has just written them; they are then not read again. Should
   * they not be all any more, the first step finds out, and the contact is read after all.
   */
  settle(contactId: string, facts?: readonly Fact<AnyEvent>[]): Promise<Settled>;
}

export interface Author {
  readonly actor: Actor;
  readonly channel: CommandMeta["channel"];
}

type Received = Extract<ContactEvent, { type: "ContactReceived" }>;
type Verified = Extract<ContactEvent, { type: "ContactVerified" }>;

/** A contact as its stream tells it. */
interface Told {
  readonly contactId: string;
  readonly received: Fact<Received>;
  readonly verified: Fact<Verified> | undefined;
}

const system: Actor = { id: "system", role: "system" };

/** The id of the ticket that a contact becomes; it sorts by the time of receipt. */
export function ticketIdOfContact(contactId: string, receivedAt: string): string {
  return derivedIdAt(new Date(receivedAt), "ticket", contactId);
}

/** Makes the intake of contacts over a desk. */
export function createIntake(parts: IntakeParts): Intake {
  const { desk, store, directory, numbers } = parts;

  const tell = async (contactId: string): Promise<Told | undefined> => {
    return toldBy(contactId, await store.load(streamNameOf("contact", contactId)));
  };

  const step = (
    { contactId, received }: Told,
    name: string,
    by: Author | undefined,
    command: AnyCommand,
    more: Partial<CommandMeta> = {},
  ): Promise<CommandResult> =>
    desk.execute(command, {
      commandId: derivedId("contact", contactId, name),
      correlationId: received.meta.correlationId,
      causationId: received.eventId,
      actor: by?.actor ?? system,
      channel: by?.channel ?? received.data.channel,
      ...more,
    });

  /** Gives the contact as it then stands when it is to go on, else what became of it. */
  const triage = async (told: Told): Promise<Settled | Told> => triaged(told, await askTriage(told));
  const askTriage = (told: Told): Promise<CommandResult> =>
    step(told, "triage", undefined, { type: "TriageContact", data: { contactId: told.contactId } });
  const triaged = (told: Told, result: CommandResult): Settled | Told => {
    if (!result.ok) return { ...nothing("received"), refused: result.error };
    const decided = result.events.at(-1);
    if (decided?.type === "ContactHeld") return { ...nothing("held", result.position), doubts: decided.data.doubts };
    if (decided?.type === "ContactRejected") return nothing("rejected", result.position);
    return { ...told, verified: result.events.find(isVerified) };
  };

  /** The message becomes part of the ticket; undefined when it cannot, and has to start a new one (rule 1). */
  const join = async (
    told: Told,
    verified: Verified["data"],
    ticket: TicketState,
    by: Author | undefined,
  ): Promise<Settled | undefined> => {
    const { contactId, received } = told;
    const { ticketId } = ticket;
    let { revision } = ticket;
    if (!ticket.contactIds.includes(contactId)) {
      const { text, attachments, receivedAt } = received.data;
      const from = requesterOf(directory.current(), received.data, verified.personId);
      // It was said when it arrived: the clock that waited for it starts then, however late we are.
      const occurredAt = new Date(Math.max(Date.parse(receivedAt), ticket.registeredAt)).toISOString();
      const message = await step(
        told,
        "join",
        by,
        { type: "JoinMessage", data: { ticketId, contactId, from, text, attachments } },
        { occurredAt },
      );
      if (!message.ok)
        return startsAnew.has(message.error.code) ? undefined : { ...nothing("verified"), refused: message.error };
      ({ revision } = message);
    }
    const recorded = await step(told, "joined", by, { type: "RecordContactJoined", data: { contactId, ticketId } });
    if (!recorded.ok) return { ...nothing("verified"), refused: recorded.error };
    return { ...nothing("joined", recorded.position), ticket: { ticketId, number: ticket.number, revision } };
  };

  const register = async (
    told: Told,
    verified: Verified["data"],
    about: TicketState | null,
    by: Author | undefined,
  ): Promise<Settled> => {
    const { contactId, received } = told;
    const ticketId = ticketIdOfContact(contactId, received.data.receivedAt);
    // Done before, it is told again with the number that it got then; the one taken here stays unused.
    const command = registration(directory.current(), received.data, verified, ticketId, await numbers.next());
    const registered = await step(told, "register", by, command, enteredLater(received));
    if (!registered.ok) return { ...nothing("verified"), refused: registered.error };
    const [first] = registered.events;
    const { number, revision } =
      first?.type === "TicketRegistered" && !registered.repeated
        ? { number: first.data.number, revision: registered.revision }
        : await standingTicket(ticketId);
    const afterTicketId = about?.status === "closed" ? about.ticketId : null;
    if (afterTicketId !== null)
      await step(told, "link", by, {
        type: "LinkTicket",
        data: { ticketId, toTicketId: afterTicketId, kind: "related" },
      });
    const recorded = await step(told, "registered", by, {
      type: "RecordContactRegistered",
      data: { contactId, ticketId, ticketNumber: number, afterTicketId },
    });
    if (!recorded.ok) return { ...nothing("verified"), refused: recorded.error };
    return { ...nothing("registered", recorded.position), ticket: { ticketId, number, revision } };
  };

  const standingTicket = async (ticketId: string): Promise<TicketState> => {
    const ticket = await desk.ticket(ticketId);
    if (ticket === null) throw new Error(`ticket ${ticketId} was registered and is not there`);
    return ticket;
  };

  /** Where the contact stands, without a further step. */
  const standing = async (told: Told, status: ContactStatus, ticketId: string | null): Promise<Settled> => {
    const facts = await store.load(streamNameOf("contact", told.contactId));
    const held = facts.findLast((fact) => fact.type === "ContactHeld");
    const ticket = ticketId === null ? null : await desk.ticket(ticketId);
    return {
      ...nothing(status, String(facts.at(-1)?.position.commit ?? 0)),
      doubts: status === "held" && held?.type === "ContactHeld" ? held.data.doubts : [],
      ticket: ticket && { ticketId: ticket.ticketId, number: ticket.number, revision: ticket.revision },
    };
  };

  /** From an entitlement that is proved on. */
  const goOn = async (told: Told, verified: Fact<Verified>): Promise<Settled> => {
    const by = authorOf(verified);
    const { aboutTicketId } = told.received.data;
    const about = aboutTicketId === null ? null : await desk.ticket(aboutTicketId);
    const joined =
      about !== null && belongs(verified.data, about) ? await join(told, verified.data, about, by) : undefined;
    return joined ?? (await register(told, verified.data, about, by));
  };

  /** What the caller has just written, carried on; undefined when it cannot be, and has to be read. */
  const carryOn = async (told: Told | undefined): Promise<Settled | undefined> => {
    if (told === undefined) return undefined;
    let next: Settled | Told = told;
    if (told.verified === undefined) {
      const result = await askTriage(told);
      // Somebody was here before, and may have gone further.
      if (!result.ok || result.repeated) return undefined;
      next = triaged(told, result);
    }
    const settled = "status" in next ? next : next.verified && (await goOn(next, next.verified));
    return settled?.refused === undefined ? settled : undefined;
  };

  return {
    async settle(contactId, facts) {
      const carried = facts && (await carryOn(toldBy(contactId, facts)));
      if (carried !== undefined) return carried;
      const [known, state] = await Promise.all([tell(contactId), desk.contact(contactId)]);
      let told = known;
      if (told === undefined)
        return { ...nothing("received"), refused: { code: "contact_unknown", params: { contactId } } };
      if (state !== null && state.status !== "received" && state.status !== "verified")
        return standing(told, state.status, state.ticketId);
      if (state?.status === "received") {
        const settled = await triage(told);
        if ("status" in settled) return settled;
        told = settled;
      }
      // Verified just now, by us or while both were read.
      if (told.verified === undefined) told = (await tell(contactId)) ?? told;
      if (told.verified === undefined) return standing(told, "received", null);
      return goOn(told, told.verified);
    },
  };
}

const isReceived = (fact: Fact<AnyEvent>): fact is Fact<Received> => fact.type === "ContactReceived";
const isVerified = (fact: Fact<AnyEvent>): fact is Fact<Verified> => fact.type === "ContactVerified";

function toldBy(contactId: string, facts: readonly Fact<AnyEvent>[]): Told | undefined {
  const received = facts.find(isReceived);
  return received && { contactId, received, verified: facts.findLast(isVerified) };
}

/** In whose name the contact goes on: the facts say so, so that a reactor that finishes the work says the same. */
function authorOf({ data, meta }: Fact<Verified>): Author | undefined {
  return data.how === "operator" ? { actor: meta.actor, channel: meta.channel } : undefined;
}

/** Refusals of a message after which its contact becomes a ticket of its own. */
const startsAnew: ReadonlySet<string> = new Set(["ticket_closed", "not_a_party"]);

const nothing = (status: ContactStatus, position = "0"): Settled => ({ status, doubts: [], ticket: null, position });

/** A message joins the ticket it is about when its thread proves it, or when the operator who verified it says so. */
const belongs = ({ how, organizationId }: Verified["data"], ticket: TicketState): boolean =>
  how === "thread" || (how === "operator" && organizationId === ticket.organizationId);

/** A call that was written down later happened when it was made, and so did the ticket's beginning. */
function enteredLater({ data, meta }: Fact<Received>): Partial<CommandMeta> {
  if (data.channel !== "phone" || meta.occurredAt >= meta.recordedAt) return {};
  return { occurredAt: meta.occurredAt > data.receivedAt ? meta.occurredAt : data.receivedAt };
}

const noSubject = { ru: "(без темы)", en: "(no subject)" } as const;

function registration(
  directory: Directory,
  received: Received["data"],
  verified: Verified["data"],
  ticketId: string,
  number: string,
): AnyCommand {
  const { organizationId, contractId, personId } = verified;
  const organization = findOrganization(directory, organizationId);
  const language = organization?.language ?? "ru";
  const {
    contactId,
    channel,
    subject,
    text,
    product,
    productVersion,
    stepsToReproduce,
    wish,
    receivedAt,
    attachments,
  } = received;
  return {
    type: "RegisterTicket",
    data: {
      ticketId,
      number,
      contactId,
      channel,
      organizationId,
      contractId,
      requester: requesterOf(directory, received, personId),
      language,
      subject: subject.trim() === "" ? noSubject[language] : subject,
      description: text,
      product,
      productVersion,
      stepsToReproduce,
      region: received.region ?? organization?.region ?? null,
      wish,
      receivedAt,
      attachments,
      planId: null,
    },
  };
}

/** Who asked: as the directory knows him, else as he said himself. */
function requesterOf(directory: Directory, { claims }: Received["data"], personId: string | null) {
  const person = personId === null ? null : findPerson(directory, personId);
  const email = claims.email ?? person?.emails[0] ?? null;
  return {
    personId,
    name: person?.name ?? claims.personName ?? email ?? claims.phone ?? claims.organization ?? "—",
    email,
    phone: claims.phone ?? person?.phones[0] ?? null,
  };
}
