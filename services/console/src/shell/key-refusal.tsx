import { useEffect, useState } from "react";
import { onRefusedKey } from "../keys/registry.ts";
import { IconAlert } from "../ui/icons.ts";
import css from "./shell.module.css";

const shownMs = 8_000;

/**
 * Says why a key did nothing, to eyes and, politely, to ears; the focus stays where it is. States: *silent* -> *said* when the key of
 * something that is off is pressed, anew each time -> silent after eight seconds.
 */
export function KeyRefusal(): React.ReactNode {
  const [said, setSaid] = useState<{ readonly why: string; readonly times: number } | null>(null);
  useEffect(() => onRefusedKey((why) => setSaid((before) => ({ why, times: (before?.times ?? 0) + 1 }))), []);
  useEffect(() => {
    if (said === null) return undefined;
    const timer = setTimeout(() => setSaid(null), shownMs);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div className={css["keyRefusal"]} role="status" data-key-refusal>
      {said === null ? null : (
        <p key={said.times}>
          <IconAlert size={15} aria-hidden /> {said.why}
        </p>
      )}
    </div>
  );
}
