import { useCallback, useEffect, useRef, useState } from "react";
import type { Attached } from "./attach.tsx";

export interface Draft {
  readonly mode: string;
  readonly text: string;
  readonly files: readonly Attached[];
  /** the ticket's revision when the writing began */
  readonly base: number | null;
}

const nothing: Draft = { mode: "reply", text: "", files: [], base: null };

/** What is being written, kept on this machine from the first letter until it is sent: a crash or a reload loses nothing. */
export function useDraft(
  owner: string,
  ticketId: string,
): readonly [Draft, (change: Partial<Draft>) => void, () => void] {
  const key = `docket.draft.${owner}.${ticketId}`;
  const [draft, setDraft] = useState<Draft>(() => read(key));
  const shownKey = useRef(key);
  useEffect(() => {
    if (shownKey.current === key) return;
    shownKey.current = key;
    setDraft(read(key));
  }, [key]);
  const change = useCallback(
    (part: Partial<Draft>) =>
      setDraft((before) => {
        const after = { ...before, ...part };
        if (after.text === "" && after.files.length === 0) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(after));
        return after;
      }),
    [key],
  );
  const clear = useCallback(() => {
    localStorage.removeItem(key);
    setDraft((before) => ({ ...nothing, mode: before.mode === "note" ? "note" : "reply" }));
  }, [key]);
  return [draft, change, clear];
}

function read(key: string): Draft {
  try {
    return { ...nothing, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Draft>) };
  } catch {
    return nothing;
  }
}
