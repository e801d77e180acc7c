import { useLayoutEffect, useRef, useState } from "react";

/** What is known of a list: which ticket stands at which place (of the stretch that is loaded), and how many there are. */
export interface Places {
  readonly order: ReadonlyMap<number, string>;
  readonly total: number;
}

/**
 * Where the cursor stands now that the list is as it is. A ticket that only moved keeps the cursor; when it left, the one that took its
 * place has it (the last one, when it was the last). Without word of that place (another stretch is looked at) it stays.
 */
export function cursorNow(
  { order, total }: Places,
  id: string,
  place: number | null,
): { readonly id: string | null; readonly place: number | null } {
  for (const [at, each] of order) if (each === id) return { id, place: at };
  if (total === 0) return { id: null, place: null };
  if (place === null) return { id, place };
  const at = Math.min(place, total - 1);
  const next = order.get(at);
  return next === undefined ? { id, place } : { id: next, place: at };
}

/** The ticket that keys act on. Whoever walks a list that changes under him never loses his place in it. */
export function useCursor(places: Places | null): readonly [string | null, (id: string | null) => void] {
  const [chosen, setChosen] = useState<string | null>(null);
  const seen = useRef<{ readonly id: string | null; readonly place: number | null }>({ id: null, place: null });
  const last = seen.current.id === chosen ? seen.current.place : null;
  const now = chosen === null || places === null ? { id: chosen, place: last } : cursorNow(places, chosen, last);
  useLayoutEffect(() => {
    seen.current = now;
    if (now.id === chosen) return;
    setChosen(now.id);
    // The focus went with the row that left.
    if (document.activeElement === document.body)
      document.querySelector<HTMLElement>("[role=row][data-cursor=true]")?.focus({ preventScroll: true });
  });
  return [now.id, setChosen];
}
