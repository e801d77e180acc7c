import { allActions, refuseKey, type Action } from "./registry.ts";

/** Letters by their place on the board, so that the keys work with a Russian layout, too. */
function keyOf(event: KeyboardEvent): string {
  const letter = /^Key([A-Z])$/u.exec(event.code)?.[1]?.toLowerCase();
  if (letter !== undefined && !/^[a-z]$/iu.test(event.key)) return letter;
  if (event.code === "Slash" && event.shiftKey) return "?";
  if (event.code === "Slash" && event.key !== "?") return "/";
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/u.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && /^(checkbox|radio|button|range)$/u.test(target.type))
  );
}

const pauseMs = 1200;

/**
 * Listens for the registered keys. States: *idle* -> *begun* when a key is the first of a pair (`g q`) -> idle when the
 * second came, when any other key came, or after 1.2 s. While something is typed only keys with Ctrl or Cmd are heard;
 * while a dialog is open none but its own.
 */
export function listenForKeys(root: Document): () => void {
  let begun: { readonly key: string; readonly at: number } | undefined;
  // What the key closes is gone by the time the key comes here, and must not be closed together with what lies below it.
  let closing: Event | undefined;
  const onWay = (event: KeyboardEvent): void => {
    if (isOver(root, event)) closing = event;
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const mod = event.ctrlKey || event.metaKey;
    if (!mod && (isTyping(event.target) || closing === event || isOver(root, event))) return;
    if (event.target instanceof HTMLElement && event.target.closest("[role=menu],[role=listbox]") !== null) return;
    const key = mod ? `mod+${keyOf(event)}` : keyOf(event);
    const first = begun !== undefined && event.timeStamp - begun.at < pauseMs ? begun.key : undefined;
    begun = undefined;
    const actions = allActions();
    const action = (first === undefined ? undefined : find(actions, `${first} ${key}`)) ?? find(actions, key);
    if (action !== undefined) {
      event.preventDefault();
      if (action.off === undefined) action.run();
      else refuseKey(action.off);
      return;
    }
    if (actions.some(({ keys }) => keys?.some((each) => each.startsWith(`${key} `))))
      begun = { key, at: event.timeStamp };
  };
  window.addEventListener("keydown", onWay, { capture: true });
  root.addEventListener("keydown", onKey);
  return () => {
    window.removeEventListener("keydown", onWay, { capture: true });
    root.removeEventListener("keydown", onKey);
  };
}

/** Is the key meant for a dialog, or does it close a menu, or a small window that has the focus? */
const isOver = (root: Document, { key, target }: KeyboardEvent): boolean =>
  root.querySelector("[role=dialog][aria-modal=true]") !== null ||
  // a menu that has just been opened may not have the focus yet
  (key === "Escape" && root.querySelector("[role=menu]") !== null) ||
  (key === "Escape" && target instanceof HTMLElement && target.closest("[role=dialog]") !== null);

const find = (actions: readonly Action[], key: string): Action | undefined =>
  actions.findLast(({ keys }) => keys?.includes(key));
