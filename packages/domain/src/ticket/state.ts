import type { ClockInput } from "@docket/sla";
import type { z } from "zod";
import type { Alarm, ClockSnapshot, proposalKind, requester } from "./event-parts.ts";
import type { RememberedCommand } from "../remembered.ts";
import type { Language, Line, Priority, TicketType } from "../values.ts";

/**
 * A ticket's statuses (R §4). `registered` waits for classification, `classified` for assignment, `assigned` for acceptance
 * by the specialist; `in_work` is left by a question or a proposal to the customer, by a hand-over, or by the solution;
 * `result_confirmation` is left by the requester's confirmation, by time, or back into work; `closed` is left never.
 */
export const ticketStatuses = [
  "registered",
  "classified",
  "assigned",
  "in_work",
  "waiting_customer",
  "waiting_approval",
  "result_confirmation",
  "closed",
] as const;
export type TicketStatus = (typeof ticketStatuses)[number];

export const closedBecauses = ["confirmed", "auto_closed", "withdrawn", "duplicate"] as const;
export type ClosedBecause = (typeof closedBecauses)[number];

export type Requester = z.infer<typeof requester>;

export interface Assignment {
  readonly groupId: string;
  readonly line: Line;
  readonly engineerId: string | null;
  readonly engineerName: string | null;
}

/** One clock: its periods as the SLA package reads them, and how it stood after the last event that changed it. */
export interface TicketClock {
  readonly input: ClockInput;
  readonly snapshot: ClockSnapshot;
}

export interface Proposal {
  readonly proposalId: string;
  readonly kind: z.infer<typeof proposalKind>;
  readonly product: string | null;
  readonly productVersion: string | null;
  readonly needsDowntime: boolean;
  readonly state: "proposed" | "approved" | "refused" | "started";
  readonly downtimeAnnounced: boolean;
}

export interface Escalation {
  readonly escalationId: string;
  readonly by: "customer" | "service_manager" | "policy";
  readonly state: "open" | "studied" | "decided" | "done" | "released";
}

/** The wait for the customer's word on the result (R §4.2). */
export interface Confirmation {
  readonly resolvedAt: number;
  /** the instant whose policy holds for the wait: the resolution, or when a later policy took over */
  readonly policyFrom: number;
  readonly reminders: number;
  readonly alarms: readonly Alarm[];
  readonly autoCloseAt: number | null;
}

/** What a ticket's deciders need to know; folded from its stream. Instants are milliseconds. Never changed in place. */
export interface TicketState {
  readonly ticketId: string;
  readonly number: string;
  readonly status: TicketStatus;
  readonly closedBecause: ClosedBecause | null;
  readonly organizationId: string;
  readonly contractId: string;
  readonly requester: Requester;
  readonly language: Language;
  readonly subject: string;
  readonly description: string;
  readonly product: string | null;
  readonly region: string | null;
  readonly planId: string | null;
  readonly type: TicketType;
  readonly priority: Priority;
  /** false while type and priority are provisional */
  readonly classified: boolean;
  readonly assignment: Assignment | null;
  readonly registeredAt: number;
  /** when the last fact happened that changed the status or a clock; the next such fact cannot have happened before it */
  readonly stepAt: number;
  /** all clocks, earlier cycles included, oldest first */
  readonly clocks: readonly TicketClock[];
  /** keys of alarms that have fired: each does so once */
  readonly fired: readonly string[];
  readonly question: string | null;
  readonly proposals: readonly Proposal[];
  readonly downtimes: number;
  readonly escalations: readonly Escalation[];
  readonly workaround: string | null;
  /** number of the current run of work: 1, and one more with every return */
  readonly cycle: number;
  readonly confirmation: Confirmation | null;
  readonly links: readonly string[];
  /** contacts whose message the ticket holds */
  readonly contactIds: readonly string[];
  /** when the import ran that last told of this ticket; null for a ticket of our own */
  readonly importedAt: number | null;
  /** the last commands that changed the ticket, newest last */
  readonly commands: readonly RememberedCommand[];
  /** revision of the last folded fact */
  readonly revision: number;
}

/** Whether the ticket is under control (R §4.3): an escalation has not been released. */
export function isUnderControl(state: TicketState): boolean {
  return state.escalations.some((escalation) => escalation.state !== "released");
}

/** Whether time and people still may change the ticket. */
export function isOpen(state: TicketState): boolean {
  return state.status !== "closed";
}

/**
 * All moments that wait for their time, in the order in which they are to be acted on. Moments of one clock stand in the
 * order in which its policy means them (a warning, the miss, what follows from the miss), and keep it where they fall on
 * the same instant.
 */
export function openAlarms(state: TicketState): readonly Alarm[] {
  const alarms: Alarm[] = [];
  for (const clock of state.clocks) alarms.push(...clock.snapshot.alarms);
  if (state.confirmation) alarms.push(...state.confirmation.alarms);
  return alarms.length < 2 ? alarms : alarms.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
