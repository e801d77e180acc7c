/** Conditions whose values are words of people or about them; what the others compare with are ids, kinds, times and numbers. */
const worded: ReadonlySet<string> = new Set([
  "q",
  "requesterName",
  "requesterEmail",
  "subject",
  "fromName",
  "fromEmail",
]);

/**
 * A query as the access log keeps it: without the words that were searched for, which may be somebody's name and would outlive his erasure.
 * Takes and gives the part of an address behind its question mark.
 */
export function withoutNames(query: string): string {
  const params = new URLSearchParams(query);
  const kept = new URLSearchParams();
  for (const [name, value] of params)
    kept.append(name, worded.has(name) || /[@\s]|[^\x20-\x7e]/u.test(value) ? "*" : value);
  return kept.toString();
}
