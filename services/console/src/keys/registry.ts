import { useLayoutEffect, useRef } from "react";
import type { TextKey } from "../text/keys.ts";

/** One thing that keys or the palette can do. */
export interface Action {
  /** stable and unique: `desk.accept` */
  readonly id: string;
  readonly title: TextKey;
  /** words that fill the title, or a title that is no text of ours (the number of a ticket) */
  readonly plain?: string;
  readonly group: TextKey;
  /** `j`, `?`, `g q` (one after the other), `mod+k`; several are possible */
  readonly keys?: readonly string[];
  /** off now: why, said by the palette and by whoever presses its key, instead of doing it */
  readonly off?: string | undefined;
  /** shown by `?`, but not in the palette (moving in a list) */
  readonly keysOnly?: boolean;
  /** shown nowhere: its key only says why it does nothing here */
  readonly unlisted?: boolean;
  run(): void;
}

/** A key of tickets that does nothing here, and why. */
export const deafKey = (key: string, off: string): Action => ({
  id: `ticket.deaf-${key}`,
  title: "keys.ticket",
  group: "keys.ticket",
  keys: [key],
  unlisted: true,
  off,
  run: () => undefined,
});

type Listener = () => void;
const stacks = new Map<string, Action[]>();
const listeners = new Set<Listener>();
let all: readonly Action[] = [];

function changed(): void {
  all = [...stacks.values()].flatMap((stack) => stack.at(-1) ?? []);
  for (const listener of listeners) listener();
}

function add(action: Action): () => void {
  const stack = stacks.get(action.id) ?? [];
  stack.push(action);
  stacks.set(action.id, stack);
  changed();
  return () => {
    const rest = (stacks.get(action.id) ?? []).filter((each) => each !== action);
    if (rest.length === 0) stacks.delete(action.id);
    else stacks.set(action.id, rest);
    changed();
  };
}

export const allActions = (): readonly Action[] => all;
export function onActions(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const hearers = new Set<(why: string) => void>();
/** A key was pressed for what is off. */
export const refuseKey = (why: string): void => hearers.forEach((hear) => hear(why));
export function onRefusedKey(hear: (why: string) => void): () => void {
  hearers.add(hear);
  return () => hearers.delete(hear);
}

/**
 * Registers a screen's actions while it is shown. What they do may change with every drawing; only ids, titles, keys and
 * `off` count as a change of the list.
 */
export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions);
  latest.current = actions;
  const shape = JSON.stringify(actions.map(({ id, title, plain, keys, off }) => [id, title, plain, keys, off]));
  // Before anything of it is seen: a key that is pressed as soon as the screen stands must find what it does.
  useLayoutEffect(() => {
    const removers = latest.current.map((action) =>
      add({ ...action, run: () => latest.current.find(({ id }) => id === action.id)?.run() }),
    );
    return () => removers.forEach((remove) => remove());
  }, [shape]);
}
