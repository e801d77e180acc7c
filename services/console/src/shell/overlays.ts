type Overlay = "palette" | "help" | null;

let shown: Overlay = null;
const listeners = new Set<() => void>();

function show(overlay: Overlay): void {
  shown = overlay;
  for (const listener of listeners) listener();
}

/** The layers that any screen may open: the command palette and the list of keys. */
export const openPalette = (): void => show("palette");
export const openHelp = (): void => show("help");
export const closeOverlay = (): void => show(null);
export const overlayShown = (): Overlay => shown;
export function onOverlay(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
