/**
 * What somebody wrote in a field of days or moments and cannot be read is not handed on; what was read before still stands with the
 * form. So whoever sends a form asks here first: true if there is such a field around the element. It then has the focus, and says
 * what is wrong.
 */
export function stopAtUnread(within: Element): boolean {
  const field = within.closest("form, section, [role=dialog]")?.querySelector<HTMLInputElement>("input[data-unread]");
  if (field == null) return false;
  const folded = field.closest("details");
  if (folded !== null) folded.open = true;
  field.focus();
  return true;
}
