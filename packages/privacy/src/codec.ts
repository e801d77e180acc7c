import {
  erasedText,
  type EventMeta,
  type Leaf,
  type Owner,
  ownerOfActor,
  personalFieldsOf,
  visitLeaves,
} from "@docket/domain";
import type { Codec, EncodedEvent, StreamedEvent } from "@docket/event-store";
import { agingMap } from "./aging-map.ts";
import { fieldKey, openField, sealField } from "./seal.ts";
import { isSealed, readSealedText, sealedText } from "./sealed-value.ts";
import type { KnownKey, Naming, Vault } from "./vault.ts";

type Origin = (stream: string) => Promise<EncodedEvent | undefined>;

/** The codec of the event store's door, and what else asks whose something is. */
export interface PersonalCodec extends Codec {
  onForgotten(listener: () => void): () => void;
  since<T>(begun: number | undefined, work: () => Promise<T>): Promise<T>;
  /**
   * The subject to whom something belongs that goes with a fact about to be written (a file that it names): the owner of the
   * first personal field of that kind. `origin` as in `encode`.
   */
  subjectOfFact(stream: string, type: string, data: object, origin: Origin): Promise<string>;
}

const actorPointer = "/meta/actor/name";

/** A field that is to be sealed. */
interface Found {
  readonly event: number;
  readonly pointer: string;
  readonly owner: Owner;
  subject?: string;
}

/**
 * Encrypts the personal fields of events (domain: `personalFieldsOf`, and the actor's name) each under a key of its own, and
 * decrypts them; an erased one reads `erasedText`. Texts that were written in clear stay readable; empty texts and blanks are
 * written as they are.
 *
 * With `lazy` a field is decrypted when it is looked at, so that who does not ask for a text does not pay for it; one that was
 * changed then fails only when it is asked for. For the projector, whose folds look at few fields and park what fails.
 */
export function personalCodec(vault: Vault, { lazy = false }: { readonly lazy?: boolean } = {}): PersonalCodec {
  /** whose a stream's free text is */
  const ofStream = agingMap<string, string>(5_000);
  vault.onForgotten(() => ofStream.clear());

  /** The subject to whom a stream belongs, by its first event. */
  const subjectOfStream = async (stream: string, first: EncodedEvent | undefined): Promise<string> => {
    const sealedFor = first && sealedSubjectIn(first);
    if (sealedFor !== undefined && (await vault.keysOf([sealedFor])).get(sealedFor)?.key != null) return sealedFor;
    // Written in clear, or its owner was forgotten: what is said from now on is kept under what is still told of him.
    const [subject = ""] = await vault.subjectsOf([first ? namingOf(first, stream) : nobody(stream)]);
    return subject;
  };
  const ownerOfStream = async (stream: string, first: () => Promise<EncodedEvent | undefined>): Promise<string> => {
    const known = ofStream.get(stream);
    if (known !== undefined) return known;
    const event = await first();
    const subject = await subjectOfStream(stream, event);
    if (event !== undefined) ofStream.set(stream, subject);
    return subject;
  };

  const resolve = async (
    stream: string,
    events: readonly EncodedEvent[],
    found: readonly Found[],
    origin: Origin,
  ): Promise<void> => {
    const namings: Naming[] = [];
    const waiting: Found[] = [];
    for (const field of found) {
      if ("ofStream" in field.owner) continue;
      namings.push({ ...field.owner, owns: stream.startsWith("organization-") || stream.startsWith("staff-") });
      waiting.push(field);
    }
    const subjects = await vault.subjectsOf(namings);
    for (const [index, field] of waiting.entries()) field.subject = subjects[index] as string;
    for (const field of found) {
      if (!("ofStream" in field.owner)) continue;
      const of = field.owner.ofStream;
      // the stream's first event may be among those that are written now
      const begins = of === stream ? events.find(({ type }) => beginsStream.has(type)) : undefined;
      field.subject = await ownerOfStream(of, () => (begins ? Promise.resolve(begins) : origin(of)));
    }
  };

  const encode = async (
    stream: string,
    events: readonly EncodedEvent[],
    origin: Origin,
  ): Promise<readonly EncodedEvent[]> => {
    const found = events.flatMap((event, index) => fieldsToSeal(stream, event, index));
    if (found.length === 0) return events;
    for (let attempt = 1; ; attempt++) {
      await resolve(stream, events, found, origin);
      const keys = await vault.keysOf(new Set(found.map(({ subject }) => subject as string)));
      if ([...keys.values()].every(({ key }) => key !== null)) return seal(stream, events, found, keys);
      // Erased this very moment: the names lead to somebody new when they are asked again.
      if (attempt === 3) throw new Error("the subject of a fact was erased while it was written");
      ofStream.clear();
      await vault.look();
    }
  };

  return {
    encode,
    async decode(events) {
      const era = vault.era();
      // what is in memory is taken once: it may be dropped while the rest is asked for
      const keys = new Map<string, KnownKey>();
      const wanted = new Set<string>();
      const want = (subject: string): void => {
        if (keys.has(subject) || wanted.has(subject)) return;
        const known = vault.knownKey(subject);
        if (known === undefined) wanted.add(subject);
        else keys.set(subject, known);
      };
      const sealed = events.map((event) => sealedIn(event));
      for (const { leaves, actor } of sealed) {
        for (const { subject } of leaves) want(subject);
        if (actor !== undefined) want(actor.subject);
      }
      if (wanted.size > 0) for (const [subject, known] of await vault.keysOf(wanted)) keys.set(subject, known);
      const keyOf = (subject: string): KnownKey => {
        const known = keys.get(subject);
        if (known === undefined) throw new Error(`the key of ${subject} was not asked for`);
        return known;
      };
      // Whose a stream is, its first event says. Who was erased meanwhile owns it no more.
      if (era === vault.era())
        for (const [index, { stream, type }] of events.entries()) {
          if (!beginsStream.has(type)) continue;
          const subject = sealed[index]?.leaves[0]?.subject;
          if (subject !== undefined && keyOf(subject).key !== null) ofStream.set(stream, subject);
        }
      return events.map((event, index) => reveal(event, sealed[index] as Sealed, keyOf, lazy ? lazily : atOnce));
    },
    onForgotten: (listener) => vault.onForgotten(listener),
    since: (begun, work) => vault.since(begun, work),
    async subjectOfFact(stream, type, data, origin) {
      const event = { type, data: data as Record<string, unknown>, meta: { commandId: "" } as EventMeta };
      const owner = firstOwner(stream, event);
      if (owner === undefined || "ofStream" in owner) {
        const of = owner === undefined ? stream : owner.ofStream;
        return ownerOfStream(of, () => origin(of));
      }
      return (await vault.subjectsOf([owner]))[0] as string;
    },
  };
}

/** Events with which a stream begins that has an owner. */
const beginsStream: ReadonlySet<string> = new Set(["TicketRegistered", "ContactReceived"]);

const nobody = (stream: string): Naming => ({ name: `stream:${stream}`, known: [] });

/** The first subject for which something of an event is sealed. */
function sealedSubjectIn({ type, data }: EncodedEvent): string | undefined {
  for (const { path } of personalFieldsOf(type)) {
    let subject: string | undefined;
    visitLeaves(data, path, ({ parent, key }) => {
      const value = parent[key];
      if (isSealed(value)) subject ??= value.$p;
    });
    if (subject !== undefined) return subject;
  }
  return undefined;
}

/** Whose the first personal field of an event is, present or not. */
function firstOwner(stream: string, { type, data }: EncodedEvent): Owner | undefined {
  let owner: Owner | undefined;
  for (const { path, rule } of personalFieldsOf(type)) {
    visitLeaves(data, path, ({ parent }) => {
      owner ??= rule({ stream, data, parent });
    });
    if (owner !== undefined) return owner;
  }
  return owner;
}

/** What is told of the one to whom a stream belongs, in clear. */
function namingOf(first: EncodedEvent, stream: string): Naming {
  const owner = firstOwner(stream, first);
  return owner === undefined || "ofStream" in owner ? nobody(stream) : owner;
}

const isToSeal = (value: unknown): boolean => typeof value === "string" && value !== "" && value !== erasedText;

function fieldsToSeal(stream: string, event: EncodedEvent, index: number): Found[] {
  const found: Found[] = [];
  for (const { path, rule } of personalFieldsOf(event.type))
    visitLeaves(event.data, path, ({ parent, key, pointer }) => {
      if (isToSeal(parent[key]))
        found.push({ event: index, pointer: `/data${pointer}`, owner: rule({ stream, data: event.data, parent }) });
    });
  const { actor } = event.meta;
  const owner = isToSeal(actor.name) ? ownerOfActor(actor) : undefined;
  if (owner !== undefined) found.push({ event: index, pointer: actorPointer, owner });
  return found;
}

function seal(
  stream: string,
  events: readonly EncodedEvent[],
  found: readonly Found[],
  keys: ReadonlyMap<string, KnownKey>,
): EncodedEvent[] {
  return events.map((event, index) => {
    const subjects = new Map(
      found.filter((one) => one.event === index).map((one) => [one.pointer, one.subject as string]),
    );
    if (subjects.size === 0) return event;
    const origin = { commandId: event.meta.commandId, index };
    const sealText = (pointer: string, text: string) => {
      const subject = subjects.get(pointer) as string;
      const key = keys.get(subject)?.key as Buffer;
      return { subject, ...sealField(key, { stream, type: event.type, pointer }, origin, text) };
    };
    const data = rewritten(event, (copy, key, value, pointer) => {
      if (!subjects.has(`/data${pointer}`)) return;
      const { subject, nonce, sealed } = sealText(`/data${pointer}`, value as string);
      copy[key] = { $p: subject, n: nonce.toString("base64"), c: sealed.toString("base64") };
    });
    if (!subjects.has(actorPointer)) return { ...event, data };
    const { subject, nonce, sealed } = sealText(actorPointer, event.meta.actor.name as string);
    return { ...event, data, meta: withActorName(event.meta, sealedText(subject, nonce, sealed)) };
  });
}

const withActorName = (meta: EventMeta, name: string): EventMeta => ({ ...meta, actor: { ...meta.actor, name } });

/** The personal fields of a copy of an event's data, each given to `put`; what is not touched is shared with the original. */
function rewritten(
  { type, data }: EncodedEvent,
  put: (copy: Record<string, unknown>, key: string, value: unknown, pointer: string) => void,
): Record<string, unknown> {
  const copies = new Map<object, Record<string, unknown>>();
  const copyOf = (original: object): Record<string, unknown> => {
    let copy = copies.get(original);
    if (copy === undefined) {
      copy = (Array.isArray(original) ? original.slice() : { ...original }) as Record<string, unknown>;
      copies.set(original, copy);
    }
    return copy;
  };
  const root = copyOf(data);
  const walk = (
    original: object,
    copy: Record<string, unknown>,
    path: readonly string[],
    at: number,
    pointer: string,
  ) => {
    const step = path[at] ?? "";
    const keys = step === "*" ? (Array.isArray(original) ? [...original.keys()].map(String) : []) : [step];
    for (const key of keys) {
      const value = (original as Record<string, unknown>)[key];
      if (value === undefined || value === null) continue;
      if (at === path.length - 1) put(copy, key, value, `${pointer}/${key}`);
      else if (typeof value === "object") {
        const inner = copyOf(value);
        copy[key] = inner;
        walk(value, inner, path, at + 1, `${pointer}/${key}`);
      }
    }
  };
  for (const { path } of personalFieldsOf(type)) walk(data, root, path, 0, "");
  return root;
}

interface Sealed {
  readonly leaves: readonly {
    readonly subject: string;
    readonly pointer: string;
    readonly nonce: string;
    readonly sealed: string;
  }[];
  readonly actor: ReturnType<typeof readSealedText>;
}

const noLeaves: Sealed["leaves"] = [];

function sealedIn({ type, data, meta }: EncodedEvent): Sealed {
  let leaves: { subject: string; pointer: string; nonce: string; sealed: string }[] | undefined;
  for (const { path } of personalFieldsOf(type))
    visitLeaves(data, path, ({ parent, key, pointer }: Leaf) => {
      const value = parent[key];
      if (isSealed(value)) (leaves ??= []).push({ subject: value.$p, pointer, nonce: value.n, sealed: value.c });
    });
  return { leaves: leaves ?? noLeaves, actor: readSealedText(meta.actor.name) };
}

type Put = (target: Record<string, unknown>, key: string, work: () => string) => void;

function reveal(
  event: StreamedEvent,
  { leaves, actor }: Sealed,
  keyOf: (subject: string) => KnownKey,
  set: Put,
): EncodedEvent {
  if (leaves.length === 0 && actor === undefined) return event;
  const { stream, type, meta } = event;
  const data =
    leaves.length === 0
      ? event.data
      : rewritten(event, (copy, key, value, pointer) => {
          if (!isSealed(value)) return;
          const { key: subjectKey } = keyOf(value.$p);
          if (subjectKey === null) {
            copy[key] = erasedText;
            return;
          }
          set(copy, key, () =>
            openField(
              fieldKey(subjectKey, Buffer.from(value.n, "base64")),
              { stream, type, pointer: `/data${pointer}` },
              Buffer.from(value.c, "base64"),
            ),
          );
        });
  if (actor === undefined) return { type, data, meta };
  const { key } = keyOf(actor.subject);
  const opened: EventMeta = { ...meta, actor: { ...meta.actor } };
  if (key === null) (opened.actor as { name: string }).name = erasedText;
  else
    set(opened.actor as never, "name", () =>
      openField(fieldKey(key, actor.nonce), { stream, type, pointer: actorPointer }, actor.sealed),
    );
  return { type, data, meta: opened };
}

const atOnce: Put = (target, key, work) => {
  target[key] = work();
};

/** A member that is worked out when it is first asked for. */
const lazily: Put = (target, key, work) => {
  Object.defineProperty(target, key, {
    enumerable: true,
    configurable: true,
    get() {
      const value = work();
      Object.defineProperty(target, key, { enumerable: true, configurable: true, writable: true, value });
      return value;
    },
    set(value: unknown) {
      Object.defineProperty(target, key, { enumerable: true, configurable: true, writable: true, value });
    },
  });
};
