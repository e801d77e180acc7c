import type { AnyCommand, AnyEvent } from "./any.ts";
import type { CommandMeta } from "./command.ts";
import type { TicketParty } from "./contact/decide.ts";
import { decideContact } from "./contact/decide.ts";
import { evolveContact, type ContactState } from "./contact/state.ts";
import { decideDirectory } from "./directory/decide.ts";
import { frameId } from "./directory/letters.ts";
import type { Directory } from "./directory/state.ts";
import { decideSurvey, evolveSurvey, type SurveyState } from "./directory/survey.ts";
import { decideTicketNumbers, evolveTicketNumbers, type TicketNumbersState } from "./directory/ticket-numbers.ts";
import type { Decision } from "./errors.ts";
import type { Fact, NewFact, StreamKind } from "./event.ts";
import { streamNameOf } from "./streams.ts";
import { ticketCommands } from "./ticket/commands.ts";
import { decideTicket } from "./ticket/decide.ts";
import { evolveTicket } from "./ticket/evolve.ts";
import type { TicketState } from "./ticket/state.ts";

export interface CommandTarget {
  readonly kind: StreamKind;
  readonly id: string;
  /** the stream that the command changes */
  readonly stream: string;
}

/** Which stream a command changes. */
export function targetOfCommand(command: AnyCommand): CommandTarget {
  const [kind, id] = kindAndId(command);
  return { kind, id, stream: streamNameOf(kind, id) };
}

function kindAndId(command: AnyCommand): readonly [StreamKind, string] {
  switch (command.type) {
    case "RateTicket":
      return ["survey", command.data.ticketId];
    case "ReserveTicketNumbers":
      return ["ticket-numbers", ""];
    case "PublishRoutingRules":
      return ["routing-rules", ""];
    case "DefinePlan":
    case "StopPlan":
    case "RecordPlanOccurrence":
      return ["plan", command.data.planId];
    case "ChangeLetterText":
    case "ResetLetterText":
      return ["letter", command.data.letterKind];
    case "ChangeLetterFrame":
    case "ResetLetterFrame":
      return ["letter", frameId(command.data.audience)];
    case "SignContract":
    case "ChangeContractPolicy":
    case "ChangeContractTerms":
    case "TerminateContract":
      return ["contract", command.data.contractId];
    case "DefineCalendar":
    case "ReviseCalendar":
      return ["calendar", command.data.calendarId];
    case "HireStaff":
    case "ChangeStaff":
    case "ChangeStaffAvailability":
    case "DeactivateStaff":
    case "ReactivateStaff":
    case "ImportStaff":
      return ["staff", command.data.staffId];
    case "CreateGroup":
    case "ChangeGroup":
    case "ChangeGroupMembers":
    case "ImportGroup":
    case "ActivateGroup":
      return ["group", command.data.groupId];
    case "RegisterOrganization":
    case "ChangeOrganization":
    case "AddPerson":
    case "ChangePerson":
    case "RemovePerson":
    case "ImportOrganization":
    case "ImportPeople":
    case "ActivateOrganization":
      return ["organization", command.data.organizationId];
    case "ReceiveContact":
    case "TriageContact":
    case "VerifyContact":
    case "RejectContact":
    case "RecordContactRegistered":
    case "RecordContactJoined":
      return ["contact", command.data.contactId];
    default:
      return ["ticket", command.data.ticketId];
  }
}

/**
 * The state of one stream, tagged with its kind. For streams of the directory there is none of their own: they are decided
 * on the directory, which must hold the stream's own facts up to its end.
 */
export type StreamState =
  | { readonly kind: "ticket"; readonly state: TicketState | null }
  | { readonly kind: "contact"; readonly state: ContactState | null }
  | { readonly kind: "survey"; readonly state: SurveyState | null }
  | { readonly kind: "ticket-numbers"; readonly state: TicketNumbersState | null }
  | { readonly kind: "directory" };

/** The state of a stream of this kind before its first fact. */
export function emptyState(kind: StreamKind): StreamState {
  return kind === "ticket" || kind === "contact" || kind === "survey" || kind === "ticket-numbers"
    ? { kind, state: null }
    : { kind: "directory" };
}

/** Folds one fact into its stream's state. Facts of the directory's streams are folded by `evolveDirectory` instead. */
export function evolveStream(state: StreamState, fact: Fact<AnyEvent>): StreamState {
  switch (state.kind) {
    case "ticket":
      return { kind: "ticket", state: evolveTicket(state.state, fact as never) };
    case "contact":
      return { kind: "contact", state: evolveContact(state.state, fact as never) };
    case "survey":
      return { kind: "survey", state: evolveSurvey(state.state, fact as never) };
    case "ticket-numbers":
      return { kind: "ticket-numbers", state: evolveTicketNumbers(state.state, fact as never) };
    default:
      return state;
  }
}

/** What deciders may look at beside the stream's own state. */
export interface DecisionContext {
  /** the time, in milliseconds */
  readonly now: number;
  readonly directory: Directory;
  /** how many open tickets a member of staff has */
  readonly load?: (staffId: string) => number;
  /** for TriageContact: the ticket that the contact is about; for RateTicket: the rated ticket's state */
  readonly ticket?: TicketState | null;
}

/** Decides any command on its stream's state (`targetOfCommand`, `emptyState`, `evolveStream`). Pure. */
export function decide(
  command: AnyCommand,
  meta: CommandMeta,
  state: StreamState,
  context: DecisionContext,
): Decision<NewFact<AnyEvent>> {
  switch (command.type) {
    case "RateTicket":
      return decideSurvey(command, meta, state.kind === "survey" ? state.state : null, {
        ...context,
        ticket: context.ticket ?? null,
      });
    case "ReserveTicketNumbers":
      return decideTicketNumbers(command, meta, state.kind === "ticket-numbers" ? state.state : null, context.now);
    case "ReceiveContact":
    case "TriageContact":
    case "VerifyContact":
    case "RejectContact":
    case "RecordContactRegistered":
    case "RecordContactJoined": {
      const aboutTicket: TicketParty | null = context.ticket ?? null;
      return decideContact(command, meta, state.kind === "contact" ? state.state : null, { ...context, aboutTicket });
    }
    default:
      if (isTicketCommand(command))
        return decideTicket(command, meta, state.kind === "ticket" ? state.state : null, context);
      return decideDirectory(command, meta, context.directory, context.now);
  }
}

const ticketCommandTypes: ReadonlySet<string> = new Set(
  Object.values(ticketCommands).map((definition) => definition.type),
);

function isTicketCommand(
  command: AnyCommand,
): command is Extract<AnyCommand, { data: { ticketId: string } }> & Parameters<typeof decideTicket>[0] {
  return ticketCommandTypes.has(command.type);
}
