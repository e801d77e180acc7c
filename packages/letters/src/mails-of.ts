import {
  type AnyEvent,
  audienceOf,
  type Fact,
  type FrameWords,
  isErased,
  type Language,
  type LetterAudience,
  type LetterKind,
  type LetterLabel,
  type LetterWords,
  unlessErased,
} from "@docket/domain";
import { replyMarker } from "@docket/mail";
import { builtInFrame, builtInWords, fillFrame, fillWords, paragraphs } from "./words.ts";
import { renderHtml, renderText, when, type Letter } from "./letter.ts";
import { textsOf } from "./texts/texts.ts";
import type { LetterTexts } from "./texts/keys.ts";

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
  /** the words in force in the place of the built-in ones; null where these hold */
  readonly words: (kind: LetterKind, language: Language) => LetterWords | null;
  /** what stands in every letter to an audience, likewise */
  readonly frame: (audience: LetterAudience, language: Language) => FrameWords | null;
}

/** A mail to send because of one fact. `kind` is unique per fact and recipient. */
export interface OutgoingMail {
  readonly kind: string;
  readonly letter: LetterKind;
  readonly toCustomer: boolean;
  /** the member of staff whom it goes to */
  readonly staffId: string | null;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

type Facts = readonly (readonly [LetterLabel, string | null])[];
interface Extra {
  readonly facts?: Facts;
  readonly quote?: string;
  /** what the words may ask for and no line of facts says */
  readonly values?: Readonly<Record<string, string>>;
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
  const customer = (letter: LetterKind, extra: Extra = {}) => {
    // Who was forgotten has no address, and no name to be greeted by.
    const to = unlessErased(ticket.requester.email);
    if (to === null) return;
    mails.push({
      kind: "customer",
      letter,
      toCustomer: true,
      staffId: null,
      to,
      ...write(letter, extra, ticket.language, unlessErased(ticket.requester.name) ?? "", context, true),
    });
  };
  const staff = (
    staffId: string | null,
    letter: LetterKind,
    facts: (texts: LetterTexts, time: (instant: string) => string) => Facts,
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
      letter,
      toCustomer: false,
      staffId,
      to: member.email,
      ...write(letter, extra, member.language, unlessErased(member.name) ?? "", context, false),
    });
  };
  const specialist = (name: string | null): Facts => [
    ["number", ticket.number],
    name === null ? ["group", ticket.groupName] : ["specialist", name],
  ];

  switch (fact.type) {
    case "TicketRegistered":
      customer("registered", {
        facts: [
          ["received", time(fact.data.receivedAt)],
          ["number", ticket.number],
          ["subject", fact.data.subject],
          ["link", context.ticketUrl(ticket.ticketId)],
        ],
      });
      break;
    case "TicketClassified":
      customer("classified", {
        facts: [
          ["number", ticket.number],
          ["type", t.types[fact.data.type]],
          ["priority", t.priorities[fact.data.priority]],
        ],
      });
      break;
    case "TicketAssigned":
      customer(fact.data.engineerName === null ? "assigned_to_group" : "assigned", {
        facts: specialist(fact.data.engineerName),
      });
      staff(fact.data.engineerId, "staff_assigned", () => [["customer", ticket.organizationName]]);
      break;
    case "TicketAccepted":
      customer("accepted", { facts: specialist(fact.data.engineerName) });
      break;
    case "TicketHandedOver":
      customer("handed_over", { facts: specialist(fact.data.engineerName) });
      staff(fact.data.engineerId, "staff_assigned", () => [["customer", ticket.organizationName]], fact.data.reason);
      break;
    case "TicketCustomerAsked":
      customer("asked", { quote: fact.data.question });
      break;
    case "TicketCustomerAnswered":
      customer("answered");
      break;
    case "TicketChangeProposed":
      customer("proposed", {
        facts: [
          ["schedule", fact.data.schedule],
          ["effort", fact.data.effort],
          ["product", fact.data.product],
        ],
        quote: fact.data.scope,
      });
      break;
    case "TicketChangeApproved":
      customer("approved", { facts: [["agreedBy", fact.data.by.name]] });
      break;
    case "TicketChangeRefused":
      customer("refused", { quote: fact.data.reason });
      break;
    case "TicketChangeStarted":
      customer("change_started");
      break;
    case "TicketDowntimeAnnounced":
      customer("downtime", {
        facts: [
          ["from", time(fact.data.from)],
          ["to", time(fact.data.to)],
          ["equipment", fact.data.equipment],
        ],
        ...(fact.data.message === "" ? {} : { quote: fact.data.message }),
      });
      break;
    case "TicketUpdateInstalled":
      customer("update_installed", { facts: [["product", `${fact.data.product} ${fact.data.version}`]] });
      break;
    case "TicketCommented":
      if (fact.data.visibility === "public" && fact.meta.actor.role !== "requester")
        customer("commented", { quote: fact.data.text });
      break;
    case "TicketWorkaroundGiven":
      customer("workaround", { quote: fact.data.workaround });
      break;
    case "TicketExtended":
      customer("extended", {
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
        "staff_warned",
        clockFacts(fact.data, ticket),
      );
      break;
    case "TicketDeadlineMissed":
      staff(ticket.engineerId, "staff_missed", clockFacts(fact.data, ticket));
      if (ticket.serviceManagerId !== ticket.engineerId)
        staff(ticket.serviceManagerId, "staff_missed", clockFacts(fact.data, ticket));
      // R §4.1.4: when the agreed time cannot be met, the customer is told.
      if (fact.data.clock === "resolution") customer("missed", { facts: [["deadline", time(fact.data.deadline)]] });
      break;
    case "TicketEscalated":
      escalated(fact.data, ticket, staff, () => customer("escalated", { quote: fact.data.reason }));
      break;
    case "TicketEscalationActionsDecided":
      customer("escalation_actions", { quote: fact.data.actions });
      break;
    case "TicketEscalationReleased":
      customer("escalation_released");
      break;
    case "TicketResolved":
      customer("resolved", {
        facts: fact.data.autoCloseAt === null ? [] : [["autoClose", time(fact.data.autoCloseAt)]],
        quote: fact.data.solution,
      });
      break;
    case "TicketReturned":
      customer("returned", { quote: fact.data.reason });
      break;
    case "TicketReminded":
      customer("reminded", {
        facts: [["autoClose", time(fact.data.autoCloseAt)]],
        values: { reminder: String(fact.data.number), reminders: String(fact.data.of) },
      });
      break;
    case "TicketConfirmed":
      customer("confirmed");
      break;
    case "TicketAutoClosed":
      if (fact.data.because === "policy") customer("auto_closed_by_policy");
      else customer("auto_closed", { values: { workingDays: String(fact.data.workingDays) } });
      break;
    case "TicketWithdrawn":
      customer("withdrawn", fact.data.reason === null ? {} : { quote: fact.data.reason });
      break;
    case "TicketMarkedDuplicate":
      customer("duplicate", { facts: [["duplicateOf", fact.data.ofNumber]] });
      break;
    default:
      break;
  }
  return mails;
}

type ToStaff = (
  staffId: string | null,
  letter: LetterKind,
  facts: (texts: LetterTexts, time: (instant: string) => string) => Facts,
  quote?: string,
) => void;
type Escalation = Extract<AnyEvent, { type: "TicketEscalated" }>["data"];

/** A step of the policy's chain goes to staff only; a person's escalation is also confirmed to the customer. */
function escalated(data: Escalation, ticket: MailTicket, staff: ToStaff, tellCustomer: () => void): void {
  const { cause } = data;
  if (cause === null) {
    staff(
      ticket.serviceManagerId,
      "staff_customer_escalated",
      () => [["customer", ticket.organizationName]],
      data.reason,
    );
    if (ticket.engineerId !== ticket.serviceManagerId)
      staff(ticket.engineerId, "staff_customer_escalated", () => [["customer", ticket.organizationName]], data.reason);
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
    "staff_escalated",
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
  (texts: LetterTexts, time: (instant: string) => string): Facts => [
    ["customer", ticket.organizationName],
    ["clock", texts.clockNames[data.clock]],
    ["deadline", time(data.deadline)],
  ];

function write(
  kind: LetterKind,
  extra: Extra,
  language: Language,
  name: string,
  context: MailContext,
  answerable: boolean,
): { subject: string; text: string; html: string } {
  const texts = textsOf(language);
  const { ticket } = context;
  const link = context.ticketUrl(ticket.ticketId);
  const told = (extra.facts ?? []).filter((fact): fact is [LetterLabel, string] => fact[1] !== null);
  const common = { number: ticket.number, subject: ticket.subject, name, organization: ticket.organizationName, link };
  const values = { ...Object.fromEntries(told), ...extra.values, ...common };
  const said = fillWords(context.words(kind, language) ?? builtInWords(kind, language), values, texts.none);
  const audience = audienceOf(kind);
  const frame = context.frame(audience, language) ?? builtInFrame(audience, language);
  const { greeting, signature } = fillFrame(frame, values, texts.none);
  const letter: Letter = {
    subject: said.subject.replace(/\s+/g, " "),
    greeting,
    sentences: paragraphs(said.text),
    facts: told.map(([label, value]) => [frame.labels[label] ?? texts.frame.labels[label], value]),
    ...(extra.quote === undefined ? {} : { quote: extra.quote }),
    after: paragraphs(said.after),
    action: { label: frame.button, url: link },
    signature,
    replyMarker: answerable ? replyMarker[language] : null,
  };
  return { subject: letter.subject, text: renderText(letter), html: renderHtml(letter, language) };
}
