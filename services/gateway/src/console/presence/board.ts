import { liveLimits, type PresenceDoing, type PresentPerson } from "@docket/api-contract";
import type { Clock } from "@docket/service-kit";
import type { Principal } from "../../auth/principal.ts";
import type { Bus, PresenceNote } from "../bus.ts";

/** Who looks at and who writes in which ticket. */
export interface PresenceBoard {
  /** `place` is one socket; to be said again before it is forgotten */
  say(place: string, caller: Principal, ticketId: string, doing: PresenceDoing | "gone"): void;
  /** the socket has closed */
  leave(place: string): void;
  everybody(): { ticketId: string; people: PresentPerson[] }[];
  of(ticketId: string): PresentPerson[];
  /** is called with the tickets whose people have changed */
  watch(tell: (ticketIds: readonly string[]) => void): () => void;
  stop(): void;
}

interface Seen {
  readonly note: PresenceNote;
  readonly until: number;
}

const mostTicketsOfOne = 20;

/**
 * Kept in memory and carried by the bus: nobody's work depends on it, and it is stale in half a minute.
 *
 * A person's entry: *said* by one of his windows, *kept* for 25 seconds, said again or *forgotten*; closing the window says that
 * it is gone. He shows once per ticket however many windows he has open; writing outweighs looking.
 */
export function createPresenceBoard(bus: Bus, clock: Pick<Clock, "now">): PresenceBoard {
  /** ticket -> place -> who */
  const tickets = new Map<string, Map<string, Seen>>();
  const places = new Map<string, Map<string, PresenceNote>>();
  const watchers = new Set<(ticketIds: readonly string[]) => void>();

  const tell = (ticketIds: readonly string[]): void => {
    if (ticketIds.length > 0) for (const watcher of watchers) watcher(ticketIds);
  };

  function take(note: PresenceNote): void {
    const { ticketId, place, doing } = note;
    const there = tickets.get(ticketId) ?? new Map<string, Seen>();
    const before = shown(there);
    if (doing === null) there.delete(place);
    else there.set(place, { note, until: performance.now() + liveLimits.presenceMs });
    if (there.size === 0) tickets.delete(ticketId);
    else tickets.set(ticketId, there);
    if (JSON.stringify(before) !== JSON.stringify(shown(there))) tell([ticketId]);
  }

  function forget(): void {
    const now = performance.now();
    const changed: string[] = [];
    for (const [ticketId, there] of tickets) {
      const late = [...there].filter(([, { until }]) => until < now);
      for (const [place] of late) there.delete(place);
      if (there.size === 0) tickets.delete(ticketId);
      if (late.length > 0) changed.push(ticketId);
    }
    tell(changed);
  }

  const stopListening = bus.listen((message) => {
    if (message.kind === "presence") take(message.presence);
    if (message.kind === "who")
      for (const notes of places.values())
        for (const note of notes.values()) bus.tell({ kind: "presence", presence: note });
  });
  const timer = setInterval(forget, 2_500).unref();

  const of = (ticketId: string): PresentPerson[] => shown(tickets.get(ticketId) ?? new Map());
  return {
    say(place, caller, ticketId, doing) {
      const mine = places.get(place) ?? new Map<string, PresenceNote>();
      const known = mine.get(ticketId);
      if (doing === "gone" && known === undefined) return;
      const { accountId, name, role } = caller;
      const since = known !== undefined && known.doing === doing ? known.since : clock.now().toISOString();
      const note = { place, ticketId, accountId, name, role, doing: doing === "gone" ? null : doing, since };
      if (note.doing === null) mine.delete(ticketId);
      else if (known === undefined && mine.size >= mostTicketsOfOne) return;
      else mine.set(ticketId, note);
      if (mine.size === 0) places.delete(place);
      else places.set(place, mine);
      bus.tell({ kind: "presence", presence: note });
    },
    leave(place) {
      const mine = places.get(place);
      places.delete(place);
      for (const note of mine?.values() ?? []) bus.tell({ kind: "presence", presence: { ...note, doing: null } });
    },
    everybody: () => [...tickets.keys()].map((ticketId) => ({ ticketId, people: of(ticketId) })),
    of,
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    stop() {
      clearInterval(timer);
      stopListening();
      watchers.clear();
    },
  };
}

function shown(there: ReadonlyMap<string, Seen>): PresentPerson[] {
  const people = new Map<string, PresentPerson>();
  for (const { note } of there.values()) {
    const { accountId, name, role, doing, since } = note;
    if (doing === null) continue;
    const known = people.get(accountId);
    if (known === undefined || (known.doing === "looking" && doing === "writing"))
      people.set(accountId, { accountId, name, role, doing, since });
  }
  return [...people.values()].toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
}
