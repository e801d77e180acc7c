import { limits } from "@docket/domain";
import { liveLimits } from "../live.ts";
import { errorCatalogue } from "./catalogue.ts";

/** The text of docs/errors.md: every code with its HTTP status and both titles, and every limit. */
export function errorsMarkdown(): string {
  const rows = Object.entries(errorCatalogue)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title.en} | ${title.ru} |`);
  const table = (values: Readonly<Record<string, number>>): string[] =>
    Object.entries(values).map(([name, value]) => `| ${name} | ${value} |`);
  return [
    "# Errors",
    "",
    "Generated from the error catalogue; edit that, then run `scripts/docket catalogue`.",
    "",
    "Every refusal is `application/problem+json` (RFC 9457): `type`, `title`, `status`, `code`, and where it helps `detail`,",
    "`field`, `errors` (`field`, `code`, `message` each), `instance` and the values in braces below. `title` and `message` are in",
    "the language of `Accept-Language`, else of the account. `code` is stable: programs should look at nothing else.",
    "",
    "| code | HTTP | English | Russian |",
    "|---|---|---|---|",
    ...rows,
    "",
    "## Limits",
    "",
    "Lengths in characters unless the name says otherwise.",
    "",
    "| what | at most |",
    "|---|---|",
    ...table(limits),
    "",
    "## Limits of a socket",
    "",
    "| what | at most |",
    "|---|---|",
    ...table(liveLimits),
    "",
  ].join("\n");
}
