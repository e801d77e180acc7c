import { allEvents, type ChangedField, type EventMeta, type Language } from "@docket/domain";
import { clockWatch, type ClockEffect } from "./clock-effects.ts";

/** A mail as the outbox knows it. */
export interface StoryMail {
  readonly id: string;
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly status: string;
  readonly messageId: string;
  readonly createdAt: string;
  readonly sentAt: string | null;
}

/** A fact of a ticket's stream, decoded. */
export interface StoryFact {
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly type: string;
  readonly position: { readonly commit: number };
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: EventMeta;
  readonly prevHash: string | null;
  readonly hash: string;
}

export interface FieldChange {
  readonly field: ChangedField;
  readonly before: unknown;
  readonly after: unknown;
}

/** The event that a fact follows from. */
export interface Cause {
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
}

/** One fact of a ticket's life with all that hangs on it. */
export interface StoryStep {
  readonly fact: StoryFact;
  readonly title: Readonly<Record<Language, string>>;
  readonly changes: readonly FieldChange[];
  readonly clocks: readonly ClockEffect[];
  readonly mails: readonly StoryMail[];
  readonly cause: Cause | null;
  /** the ticket after the fact */
  readonly state: Readonly<Record<string, unknown>>;
}

/** Tells after each fact what it changed and what the ticket then was. */
export type Stepper = (fact: Omit<StoryFact, "position"> & { readonly position: number }) => {
  readonly state: Readonly<Record<string, unknown>>;
  readonly changes: readonly FieldChange[];
};

export interface StoryParts {
  readonly stepper: Stepper;
  /** mails by the event that caused them */
  readonly mails?: ReadonlyMap<string, readonly StoryMail[]>;
  /** events outside the ticket's stream that its facts may follow from, by event id and by command id */
  readonly causes?: ReadonlyMap<string, Cause>;
}

/** Walks through a ticket's facts, given one by one in the order of their stream from the first on. */
export function storyTeller({ stepper, mails, causes }: StoryParts): (fact: StoryFact) => StoryStep {
  const effects = clockWatch();
  const known = new Map<string, Cause>(causes);
  return (fact) => {
    const { state, changes } = stepper({ ...fact, position: fact.position.commit });
    const { eventId, stream, revision, type, meta } = fact;
    const cause = meta.causationId === null ? null : (known.get(meta.causationId) ?? null);
    known.set(eventId, { eventId, stream, revision, type });
    if (!known.has(meta.commandId)) known.set(meta.commandId, { eventId, stream, revision, type });
    return {
      fact,
      title: titleOf(type),
      changes,
      clocks: effects(fact),
      mails: mails?.get(eventId) ?? [],
      cause,
      state,
    };
  };
}

/** What an event means, in both languages; of a type that is not known, its name. */
export function titleOf(type: string): Readonly<Record<Language, string>> {
  return allEvents.get(type)?.title ?? { ru: type, en: type };
}
