import { type AnyEvent, type Fact, isErased, type Language, unlessErased } from "@docket/domain";
import { replyMarker } from "@docket/mail";
import { renderHtml, renderText, when, type Letter } from "./letter.ts";
import { en } from "./texts/en.ts";
import type { CustomerTexts, Said } from "./texts/keys.ts";
import { ru } from "./texts/ru.ts";

/** What the mails need to know of a ticket, as it is after the fact. */
export interface MailTicket {
  readonly ticketId: string;
  readonly number: string;
  readonly subject: string;
  readonly language: Language;
  readonly zone: string;
  readonly organizationName: string;
  readonly requester: { readonly name: string; readonly email: string | null };
  readonly engineerId: string | null;
  readonly groupName: string | null;
  readonly serviceManagerId: string | null;
}
export interface StaffMember {
  readonly name: string;
  readonly email: string;
  readonly language: Language;
}
export interface MailContext {
  readonly ticket: MailTicket;
  readonly staff: (staffId: string) => StaffMember | null;
  /** the ticket's page for a person of the customer and for staff */
  readonly ticketUrl: (ticketId: string) => string;
}

/** A mail to send because of one fact. `kind` is unique per fact and recipient. */
export interface OutgoingMail {
  readonly kind: string;
  readonly toCustomer: boolean;
  /** the member of staff whom it goes to */
  readonly staffId: string | null;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const textsOf = (language: Language): CustomerTexts => (language === "ru" ? ru : en);

type Facts = readonly (readonly [keyof CustomerTexts["labels"], string | null])[];
interface Extra {
  readonly facts?: Facts;
  readonly quote?: string;
}

/**
 * The mails that a fact of a ticket causes: to the requester by R §3.2, §4.1 and §4.2 (registration, assignment, every later
 * change that concerns him, solution, reminder, close), to staff by the policy's chain. Facts that are internal (notes, internal
 * acceptance, calls between staff) cause none to the customer; imported facts cause none at all.
 */
export function mailsOf(fact: Fact<AnyEvent>, context: MailContext): OutgoingMail[] {
  const { ticket } = context;
  if (fact.meta.provenance !== undefined) return [];
  const t = textsOf(ticket.language);
  const time = (instant: string) => when(instant, ticket.zone, ticket.language);
  const mails: OutgoingMail[] = [];
  const customer = (said: Said, extra: Extra = {}) => {
    // Who was forgotten has no address, and no name to be greeted by.
    const to = unlessErased(ticket.requester.email);
    if (to === null) return;
    mails.push({
      kind: "customer",
      toCustomer: true,
      staffId: null,
      to,
      ...write(said, extra, ticket.language, unlessErased(ticket.requester.name) ?? "", context, true),
    });
  };
  const staff = (
    staffId: string | null,
    pick: (texts: CustomerTexts) => Said,
    facts: (texts: CustomerTexts, time: (instant: string) => string) => Facts,
    quote?: string,
  ) => {
    const member = staffId === null ? null : context.staff(staffId);
    if (member === null || isErased(member.email)) return;
    const texts = textsOf(member.language);
    const extra = {
      facts: facts(texts, (instant) => when(instant, ticket.zone, member.language)),
      ...(quote === undefined ? {} : { quote }),
    };
    mails.push({
      kind: `staff:${staffId}`,
      toCustomer: false,
      staffId,
      to: member.email,
      ...write(pick(texts), extra, member.language, unlessErased(member.name) ?? "", context, false),
    });
  };
  const specialist = (name: string | null): Facts => [
    ["number", ticket.number],
    name === null ? ["group", ticket.groupName] : ["specialist", name],
  ];

  switch (fact.type) {
    case "TicketRegistered":
      customer(t.registered(ticket), {
        facts: [
          ["received", time(fact.data.receivedAt)],
          ["number", ticket.number],
          ["subject", fact.data.subject],
          ["link", context.ticketUrl(ticket.ticketId)],
        ],
      });
      break;
    case "TicketClassified":
      customer(t.classified(ticket), {
        facts: [
          ["number", ticket.number],
          ["type", t.types[fact.data.type]],
          ["priority", t.priorities[fact.data.priority]],
        ],
      });
      break;
    case "TicketAssigned":
      customer((fact.data.engineerName === null ? t.assignedToGroup : t.assigned)(ticket), {
        facts: specialist(fact.data.engineerName),
      });
      staff(
        fact.data.engineerId,
        (texts) => texts.staffAssigned(ticket),
        () => [["customer", ticket.organizationName]],
      );
      break;
    case "TicketAccepted":
      customer(t.accepted(ticket), { facts: specialist(fact.data.engineerName) });
      break;
    case "TicketHandedOver":
      customer(t.handedOver(ticket), { facts: specialist(fact.data.engineerName) });
      staff(
        fact.data.engineerId,
        (texts) => texts.staffAssigned(ticket),
        () => [["customer", ticket.organizationName]],
        fact.data.reason,
      );
      break;
    case "TicketCustomerAsked":
      customer(t.asked(ticket), { quote: fact.data.question });
      break;
    case "TicketCustomerAnswered":
      customer(t.answered(ticket));
      break;
    case "TicketChangeProposed":
      customer(t.proposed(ticket), {
        facts: [
          ["schedule", fact.data.schedule],
          ["effort", fact.data.effort],
          ["product", fact.data.product],
        ],
        quote: fact.data.scope,
      });
      break;
    case "TicketChangeApproved":
      customer(t.approved(ticket), { facts: [["agreedBy", fact.data.by.name]] });
      break;
    case "TicketChangeRefused":
      customer(t.refused(ticket), { quote: fact.data.reason });
      break;
    case "TicketChangeStarted":
      customer(t.changeStarted(ticket));
      break;
    case "TicketDowntimeAnnounced":
      customer(t.downtime(ticket), {
        facts: [
          ["from", time(fact.data.from)],
          ["to", time(fact.data.to)],
          ["equipment", fact.data.equipment],
        ],
        ...(fact.data.message === "" ? {} : { quote: fact.data.message }),
      });
      break;
    case "TicketUpdateInstalled":
      customer(t.updateInstalled(ticket), { facts: [["product", `${fact.data.product} ${fact.data.version}`]] });
      break;
    case "TicketCommented":
      if (fact.data.visibility === "public" && fact.meta.actor.role !== "requester")
        customer(t.commented(ticket), { quote: fact.data.text });
      break;
    case "TicketWorkaroundGiven":
      customer(t.workaround(ticket), { quote: fact.data.workaround });
      break;
    case "TicketExtended":
      customer(t.extended(ticket), {
        facts: [
          ["oldDeadline", fact.data.oldDeadline === null ? t.none : time(fact.data.oldDeadline)],
          ["newDeadline", time(fact.data.newDeadline)],
          ["agreedBy", fact.data.agreedBy.name],
        ],
        quote: fact.data.reason,
      });
      break;
    case "TicketDeadlineWarned":
      staff(
        fact.data.notify === "manager" ? ticket.serviceManagerId : ticket.engineerId,
        (texts) => texts.staffWarned(ticket),
        clockFacts(fact.data, ticket),
      );
      break;
    case "TicketDeadlineMissed":
      staff(ticket.engineerId, (texts) => texts.staffMissed(ticket), clockFacts(fact.data, ticket));
      if (ticket.serviceManagerId !== ticket.engineerId)
        staff(ticket.serviceManagerId, (texts) => texts.staffMissed(ticket), clockFacts(fact.data, ticket));
      // R §4.1.4: when the agreed time cannot be met, the customer is told.
      if (fact.data.clock === "resolution")
        customer(t.missed(ticket), { facts: [["deadline", time(fact.data.deadline)]] });
      break;
    case "TicketEscalated":
      escalated(fact.data, ticket, staff, () => customer(t.escalated(ticket), { quote: fact.data.reason }));
      break;
    case "TicketEscalationActionsDecided":
      customer(t.escalationActions(ticket), { quote: fact.data.actions });
      break;
    case "TicketEscalationReleased":
      customer(t.escalationReleased(ticket));
      break;
    case "TicketResolved":
      customer(t.resolved(ticket), {
        facts: fact.data.autoCloseAt === null ? [] : [["autoClose", time(fact.data.autoCloseAt)]],
        quote: fact.data.solution,
      });
      break;
    case "TicketReturned":
      customer(t.returned(ticket), { quote: fact.data.reason });
      break;
    case "TicketReminded":
      customer(t.reminded(ticket, fact.data.number, fact.data.of), {
        facts: [["autoClose", time(fact.data.autoCloseAt)]],
      });
      break;
    case "TicketConfirmed":
      customer(t.confirmed(ticket));
      break;
    case "TicketAutoClosed":
      customer(
        fact.data.because === "policy" ? t.autoClosedByPolicy(ticket) : t.autoClosed(ticket, fact.data.workingDays),
      );
      break;
    case "TicketWithdrawn":
      customer(t.withdrawn(ticket), fact.data.reason === null ? {} : { quote: fact.data.reason });
      break;
    case "TicketMarkedDuplicate":
      customer(t.duplicate(ticket), { facts: [["duplicateOf", fact.data.ofNumber]] });
      break;
    default:
      break;
  }
  return mails;
}

type ToStaff = (
  staffId: string | null,
  pick: (texts: CustomerTexts) => Said,
  facts: (texts: CustomerTexts, time: (instant: string) => string) => Facts,
  quote?: string,
) => void;
type Escalation = Extract<AnyEvent, { type: "TicketEscalated" }>["data"];

/** A step of the policy's chain goes to staff only; a person's escalation is also confirmed to the customer. */
function escalated(data: Escalation, ticket: MailTicket, staff: ToStaff, tellCustomer: () => void): void {
  const { cause } = data;
  if (cause === null) {
    staff(
      ticket.serviceManagerId,
      (texts) => texts.staffCustomerEscalated(ticket),
      () => [["customer", ticket.organizationName]],
      data.reason,
    );
    if (ticket.engineerId !== ticket.serviceManagerId)
      staff(
        ticket.engineerId,
        (texts) => texts.staffCustomerEscalated(ticket),
        () => [["customer", ticket.organizationName]],
        data.reason,
      );
    tellCustomer();
    return;
  }
  const to = {
    notify_engineer: ticket.engineerId,
    notify_manager: ticket.serviceManagerId,
    move_to_group: data.moved?.engineerId ?? ticket.serviceManagerId,
  }[cause.action];
  staff(
    to,
    (texts) => texts.staffEscalated(ticket),
    (texts) => [
      ["customer", ticket.organizationName],
      ["clock", texts.clockNames[cause.clock]],
      ["level", String(cause.level)],
    ],
    data.reason,
  );
}

const clockFacts =
  (data: { clock: "reaction" | "resolution" | "ola"; deadline: string }, ticket: MailTicket) =>
  (texts: CustomerTexts, time: (instant: string) => string): Facts => [
    ["customer", ticket.organizationName],
    ["clock", texts.clockNames[data.clock]],
    ["deadline", time(data.deadline)],
  ];

function write(
  said: Said,
  extra: Extra,
  language: Language,
  name: string,
  context: MailContext,
  answerable: boolean,
): { subject: string; text: string; html: string } {
  const texts = textsOf(language);
  const letter: Letter = {
    subject: said.subject.replace(/\s+/g, " "),
    greeting: texts.greeting(name),
    sentences: said.sentences,
    facts: (extra.facts ?? []).flatMap(([label, value]) =>
      value === null ? [] : [[texts.labels[label], value] as const],
    ),
    ...(extra.quote === undefined ? {} : { quote: extra.quote }),
    ...(said.after === undefined ? {} : { after: said.after }),
    action: { label: texts.open, url: context.ticketUrl(context.ticket.ticketId) },
    signature: texts.signature,
    replyMarker: answerable ? replyMarker[language] : null,
  };
  return { subject: letter.subject, text: renderText(letter), html: renderHtml(letter, language) };
}
