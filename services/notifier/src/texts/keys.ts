/** What a mail says, by kind; `ru.ts` and `en.ts` are complete by their type. Values are ready to print. */
export interface TicketWords {
  readonly number: string;
  readonly subject: string;
}

export interface CustomerTexts {
  readonly greeting: (name: string) => string;
  readonly signature: string;
  readonly open: string;
  readonly labels: Readonly<
    Record<
      | "number"
      | "received"
      | "subject"
      | "link"
      | "specialist"
      | "group"
      | "type"
      | "priority"
      | "deadline"
      | "oldDeadline"
      | "newDeadline"
      | "agreedBy"
      | "schedule"
      | "effort"
      | "product"
      | "from"
      | "to"
      | "equipment"
      | "autoClose"
      | "duplicateOf"
      | "clock"
      | "level"
      | "customer",
      string
    >
  >;
  readonly registered: Say;
  readonly assigned: Say;
  readonly assignedToGroup: Say;
  readonly classified: Say;
  readonly accepted: Say;
  readonly handedOver: Say;
  readonly asked: Say;
  readonly answered: Say;
  readonly proposed: Say;
  readonly approved: Say;
  readonly refused: Say;
  readonly changeStarted: Say;
  readonly downtime: Say;
  readonly updateInstalled: Say;
  readonly commented: Say;
  readonly workaround: Say;
  readonly missed: Say;
  readonly extended: Say;
  readonly escalated: Say;
  readonly escalationActions: Say;
  readonly escalationReleased: Say;
  readonly resolved: Say;
  readonly returned: Say;
  readonly reminded: (ticket: TicketWords, number: number, of: number) => Said;
  readonly confirmed: Say;
  readonly autoClosed: (ticket: TicketWords, workingDays: number) => Said;
  readonly autoClosedByPolicy: Say;
  readonly withdrawn: Say;
  readonly duplicate: Say;
  readonly staffAssigned: Say;
  readonly staffWarned: Say;
  readonly staffMissed: Say;
  readonly staffEscalated: Say;
  readonly staffCustomerEscalated: Say;
  readonly clockNames: Readonly<Record<"reaction" | "resolution" | "ola", string>>;
  readonly types: Readonly<Record<"incident" | "change" | "consultation" | "scheduled_work", string>>;
  readonly priorities: Readonly<Record<"high" | "medium" | "low", string>>;
  readonly none: string;
}

export interface Said {
  readonly subject: string;
  readonly sentences: readonly string[];
  readonly after?: readonly string[];
}
export type Say = (ticket: TicketWords) => Said;
