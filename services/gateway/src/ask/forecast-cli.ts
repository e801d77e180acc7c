import { misused, runVerb } from "./command-line.ts";
import { forecastColumns, forecastGroupColumns } from "./columns.ts";
import { filtersOf, languageNamed, limitOf, print, walk, type Row } from "./asking.ts";
import { openDoor } from "./door.ts";
import { saveTables } from "./save.ts";
import { tableOf } from "./table.ts";
import { timeOf, zoneNamed } from "./time.ts";

const usage = `scripts/docket forecast UNTIL [OPTION...]

What becomes of the clocks of open tickets until UNTIL if nothing changes: the working time left on each, its deadline, and whether
it will be missed. No guesses: a clock that counts goes on by its calendar, one that stands still goes on standing. UNTIL is
2024-04-26T18:00:00+03:00, or "2024-04-26 18:00" with --zone.

  --as-of TIME            as of a past moment (default now)
  --at-position P         count nothing behind this log position
  --group-by NAMES        line, groupId, engineerId, organizationId, contractId, type, priority, product, kind; with commas
  --filter NAME=VALUE     as in the API, several times: --filter verdict=will_miss --filter line=2
  --sort [-]NAME          default deadline
  --limit N               how many clocks (default 50; 0: all)
  --csv FILE              all of them as CSV into a file; - for standard output
  --arrow FILE            the same as an Arrow stream
  --zone ZONE             IANA zone of local times, and of the times shown (default UTC)
  --lang ru|en            default en
  --json                  the API's own answer
  --help                  this text
`;

const options = {
  "as-of": { type: "string" },
  "at-position": { type: "string" },
  "group-by": { type: "string" },
  filter: { type: "string", multiple: true },
  sort: { type: "string" },
  limit: { type: "string" },
  csv: { type: "string" },
  arrow: { type: "string" },
  zone: { type: "string" },
  lang: { type: "string", default: "en" },
  json: { type: "boolean" },
} as const;

await runVerb({ usage, options }, async (values, [time, ...rest]) => {
  if (time === undefined || rest.length > 0) throw misused("wants one UNTIL; see --help");
  const language = languageNamed(values.lang);
  const reader = { language, zone: values.zone === undefined ? "UTC" : zoneNamed(values.zone) };
  const query: [string, string][] = [["until", timeOf(time, values.zone, "UNTIL")], ...filtersOf(values.filter)];
  if (values["as-of"] !== undefined) query.push(["asOf", timeOf(values["as-of"], values.zone, "--as-of")]);
  if (values["at-position"] !== undefined) query.push(["atPosition", values["at-position"]]);
  if (values["group-by"] !== undefined) query.push(["groupBy", values["group-by"]]);
  if (values.sort !== undefined) query.push(["sort", values.sort]);
  const limit = limitOf(values.limit);
  const door = await openDoor(language);
  try {
    const files = { csv: values.csv, arrow: values.arrow };
    if (
      await saveTables(
        files,
        (format) => `/forecast?${new URLSearchParams([...query, ["format", format]]).toString()}`,
        door,
      )
    )
      return;
    const { head, items, more } = await walk(door, "/forecast", query, limit);
    const { nextPage: _nextPage, ...whole } = head;
    print(values.json, { ...whole, items, more }, () => {
      const groups = Object.entries((head["groups"] ?? {}) as Record<string, Row[]>);
      const total = tableOf(forecastGroupColumns.slice(1, -1), [head["totals"] as Row], reader);
      const parts = groups.map(([name, rows]) => `${name}\n${tableOf(forecastGroupColumns, rows, reader)}`);
      return [total, ...parts, tableOf(forecastColumns, items, reader)].join("\n");
    });
  } finally {
    await door.close();
  }
});
