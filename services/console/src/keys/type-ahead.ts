const longestMs = 5_000;
let stop: () => void = () => undefined;

/**
 * Puts the cursor into a field for one who types on at once. States: the field is *there* and has the focus -> done; it is *on its
 * way* (a part of the screen that loads later) -> its letters are kept, and none of them is taken for a key of the screen -> it has
 * them and the focus. Given up after Escape or five seconds.
 */
export function typeInto(field: () => HTMLInputElement | HTMLTextAreaElement | null | undefined): void {
  stop();
  const there = field();
  if (there != null) return there.focus();
  let kept = "";
  const until = performance.now() + longestMs;
  const keep = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return stop();
    if (event.key === "Backspace") kept = kept.slice(0, -1);
    else if (event.key === "Enter") kept += "\n";
    else if (event.key.length === 1) kept += event.key;
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const look = (): void => {
    const come = field();
    if (come == null) return performance.now() > until ? stop() : undefined;
    stop();
    come.focus();
    if (kept === "") return;
    // in a field of one line Enter sends its form
    const [text = "", ...rest] = come instanceof HTMLInputElement ? kept.split("\n") : [kept];
    come.setRangeText(text, come.selectionStart ?? 0, come.selectionEnd ?? 0, "end");
    come.dispatchEvent(new InputEvent("input", { bubbles: true, data: text, inputType: "insertText" }));
    if (rest.length > 0) setTimeout(() => come.form?.requestSubmit());
  };
  const timer = setInterval(look, 20);
  window.addEventListener("keydown", keep, { capture: true });
  stop = () => {
    clearInterval(timer);
    window.removeEventListener("keydown", keep, { capture: true });
    stop = () => undefined;
  };
}
