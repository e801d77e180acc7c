import type { Consumer } from "./consumer.ts";
import type { Message } from "./message.ts";

/**
 * Who gets a message (spec 5 "Strategies"). `choose` gives the consumer, `"later"` when this message has to wait but others may pass
 * it, `"full"` when nobody has room for anything.
 */
export type Strategy = {
  join(consumer: Consumer): void;
  leave(consumer: Consumer): void;
  choose(message: Message): Consumer | "later" | "full";
};

/** The next consumer with room, in turn. */
function roundRobin(): Strategy {
  const turn: Consumer[] = [];
  return {
    join: (consumer) => void turn.push(consumer),
    leave: (consumer) => remove(turn, consumer),
    choose() {
      for (let tried = 0; tried < turn.length; tried++) {
        const next = turn.shift()!;
        turn.push(next);
        if (next.hasRoom()) return next;
      }
      return "full";
    },
  };
}

/** One consumer until it has no room, then the next. */
function dispatchToSingle(): Strategy {
  const turn: Consumer[] = [];
  return {
    join: (consumer) => void turn.push(consumer),
    leave: (consumer) => remove(turn, consumer),
    choose() {
      for (let tried = 0; tried < turn.length; tried++) {
        if (turn[0]!.hasRoom()) return turn[0]!;
        turn.push(turn.shift()!);
      }
      return "full";
    },
  };
}

const BUCKETS = 1024;

/**
 * A consumer for each of 1024 buckets of a hash, given to the one with the fewest when a bucket is first used, and
 * kept. Who joins takes a fair share over from the others; the buckets of who leaves are free again.
 */
function pinned(keyOf: (message: Message) => string): Strategy {
  const consumers: Consumer[] = [];
  const owners = new Map<number, Consumer>();
  const owned = new Map<Consumer, number>();

  function give(bucket: number, consumer: Consumer): void {
    const before = owners.get(bucket);
    if (before) owned.set(before, owned.get(before)! - 1);
    owners.set(bucket, consumer);
    owned.set(consumer, (owned.get(consumer) ?? 0) + 1);
  }

  return {
    join(consumer) {
      consumers.push(consumer);
      owned.set(consumer, 0);
      const share = Math.floor(owners.size / consumers.length);
      for (const [bucket, owner] of owners) {
        if (owned.get(consumer)! >= share) break;
        if (owned.get(owner)! > share) give(bucket, consumer);
      }
    },
    leave(consumer) {
      remove(consumers, consumer);
      owned.delete(consumer);
      for (const [bucket, owner] of owners) if (owner === consumer) owners.delete(bucket);
    },
    choose(message) {
      if (consumers.length === 0) return "full";
      const bucket = hash(keyOf(message)) % BUCKETS;
      let owner = owners.get(bucket);
      if (!owner) {
        owner = consumers.reduce((fewest, one) => (owned.get(one)! < owned.get(fewest)! ? one : fewest));
        give(bucket, owner);
      }
      if (owner.hasRoom()) return owner;
      return consumers.some((one) => one.hasRoom()) ? "later" : "full";
    },
  };
}

/** FNV-1a over the UTF-16 units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

function remove(list: Consumer[], consumer: Consumer): void {
  const at = list.indexOf(consumer);
  if (at >= 0) list.splice(at, 1);
}

const STRATEGIES = new Map<string, () => Strategy>([
  ["RoundRobin", roundRobin],
  ["DispatchToSingle", dispatchToSingle],
  ["Pinned", () => pinned((message) => message.pin.stream)],
  ["PinnedByCorrelation", () => pinned((message) => message.pin.correlation())],
]);

/** The strategy of a name; in turn for a name that is none (`isStrategy` refuses those when a group is made). */
export function createStrategy(name: string): Strategy {
  return (STRATEGIES.get(name) ?? roundRobin)();
}

export function isStrategy(name: string): boolean {
  return STRATEGIES.has(name);
}
