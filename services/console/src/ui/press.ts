let pressed = false;
addEventListener("pointerdown", () => (pressed = true), true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (pressed = false), true);

/**
 * Does what may move the page, at once or, while a button of the mouse is held down, after it was let go: a press that takes the
 * focus from a field must meet what it was meant for.
 */
export function afterPress(move: () => void): void {
  if (pressed) addEventListener("pointerup", () => setTimeout(move), { once: true });
  else move();
}
