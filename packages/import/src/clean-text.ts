/** Text that can be kept: no NUL, no half characters, not too long, not empty. */
export function clean(text: string, max: number): string {
  const good = text.replaceAll("\0", "").toWellFormed();
  const cut = good.length <= max ? good : good.slice(0, max).toWellFormed();
  return cut.trim() === "" && text.trim() !== "" ? "—" : cut;
}
