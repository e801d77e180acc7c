import { useEffect, useRef, useState } from "react";
import { onRefusedKey } from "../keys/registry.ts";
import { IconAlert } from "../ui/icons.ts";
import css from "./shell.module.css";

const shownMs = 8_000;

/**
 * Says why a key did nothing, to eyes and, politely, to ears; the focus stays where it is. States: *silent* -> *said* when the key of
 * something that is off is pressed, anew each time -> silent after eight seconds, or when one goes on by another key or a press.
 */
export function KeyRefusal(): React.ReactNode {
  const [said, setSaid] = useState<{ readonly why: string; readonly time: number } | null>(null);
  const times = useRef(0);
  useEffect(() => onRefusedKey((why) => setSaid({ why, time: ++times.current })), []);
  useEffect(() => {
    if (said === null) return undefined;
    const hush = (): void => setSaid(null);
    const timer = setTimeout(hush, shownMs);
    // on their way down, so that the key which is being refused just now is not among them
    window.addEventListener("keydown", hush, { capture: true });
    window.addEventListener("pointerdown", hush, { capture: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener("keydown", hush, { capture: true });
      window.removeEventListener("pointerdown", hush, { capture: true });
    };
  }, [said]);
  return (
    <div className={css["keyRefusal"]} role="status" data-key-refusal>
      {said === null ? null : (
        <p key={said.time}>
          <IconAlert size={15} aria-hidden /> {said.why}
        </p>
      )}
    </div>
  );
}
