/** Whether every word that was typed begins some word of the title, in any order; nothing typed fits everything. */
export function fits(title: string, typed: string): boolean {
  const words = title.toLowerCase().split(/[\s«»"(),.:–-]+/u);
  return typed
    .toLowerCase()
    .split(/\s+/u)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)));
}
