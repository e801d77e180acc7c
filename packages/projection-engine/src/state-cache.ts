/** States of recently seen streams; holds between `size` and twice as many, and forgets those not asked for longest. */
export type StateCache<State> = {
  readonly get: (stream: string) => State | undefined;
  readonly has: (stream: string) => boolean;
  readonly set: (stream: string, state: State) => void;
  readonly delete: (stream: string) => void;
  readonly clear: () => void;
  /** Lets go of what is too much. Called between batches, when nothing that is not in the tables is held. */
  readonly trim: () => void;
};

/** Two maps instead of a list of uses: a hit in the old one moves to the young one, and a full young one becomes the old one. */
export function stateCache<State>(size: number): StateCache<State> {
  let young = new Map<string, State>();
  let old = new Map<string, State>();
  return {
    get: (stream) => {
      const state = young.get(stream);
      if (state !== undefined) return state;
      const aged = old.get(stream);
      if (aged !== undefined) {
        old.delete(stream);
        young.set(stream, aged);
      }
      return aged;
    },
    has: (stream) => young.has(stream) || old.has(stream),
    set: (stream, state) => {
      young.set(stream, state);
    },
    delete: (stream) => {
      young.delete(stream);
      old.delete(stream);
    },
    clear: () => {
      young = new Map();
      old = new Map();
    },
    trim: () => {
      if (young.size < size) return;
      old = young;
      young = new Map();
    },
  };
}
