import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MappingInvalid, readMapping } from "./mapping-file.ts";

const good = `version: 1
source: old
ticket:
  key: id
  rowTime: at
  subject: title
status:
  column: state
  values: {Open: new, Done: closed}
contract:
  organization: {name: Old customer}
  calendar: 24x7
  targets:
    - {type: incident, priority: medium, reaction: 1h, resolution: 8h}
`;

const faults = (text: string): string[] => {
  try {
    readMapping(text);
  } catch (error) {
    if (error instanceof MappingInvalid)
      return error.faults.map(({ line, column, path, code }) => `${line}:${column} ${path} ${code}`);
    throw error;
  }
  return [];
};

describe("a mapping", () => {
  it("that says the least is enough", () => {
    expect(readMapping(good).mapping).toMatchObject({
      source: "old",
      language: "en",
      file: { encoding: "utf-8", delimiter: ",", header: true, missing: [""] },
      time: { formats: ["iso"], zone: "UTC" },
      ticket: { order: "file", number: "keep", type: { value: "incident" }, priority: { value: "medium" } },
      contract: { confirmation: { workingDays: 5, reminders: [2, 4] } },
    });
  });

  it.each(["servicenow-incident-log", "state-changes"])("%s of this repository can be read", (name) => {
    expect(faults(readFileSync(new URL(`../mappings/${name}.yaml`, import.meta.url), "utf8"))).toEqual([]);
  });

  it.each([
    ["a key that is none", good.replace("  key: id", "  key: id\n  kye: id"), ["5:3 ticket.kye key_unknown"]],
    [
      "a state that means nothing here",
      good.replace("Done: closed", "Done: finished"),
      ["9:29 status.values.Done value_invalid"],
    ],
    ["a key that is missing", good.replace("  rowTime: at\n", ""), ["4:3 ticket.rowTime key_missing"]],
    ["a zone that is none", `${good}time: {zone: Mars/Base}\n`, ["15:14 time.zone zone_unknown"]],
    [
      "a form of times that is none",
      `${good}time: {formats: [iso, whenever]}\n`,
      ["15:23 time.formats.1 time_format_unknown"],
    ],
    ["an encoding that is none", `${good}file: {encoding: klingon}\n`, ["15:18 file.encoding encoding_unknown"]],
    [
      "targets that leave a priority out",
      good.replace("  subject: title", "  subject: title\n  priority: {column: p, values: {H: high, M: medium}}"),
      ["15:5 contract.targets target_missing"],
    ],
    [
      "a target that is no duration",
      good.replace("reaction: 1h", "reaction: soon"),
      ["14:52 contract.targets.0.reaction value_invalid"],
    ],
    [
      "both a column and a text for the state",
      good.replace("  column: state", '  column: state\n  text: "{a}{b}"'),
      ["9:9 status.text column_or_text"],
    ],
    [
      "moments beside a state",
      `${good}moments: [{column: opened, as: new}, {column: opened, as: finished}]\n`,
      ["15:59 moments.1.as value_invalid"],
    ],
    [
      "moments beside a state, well-formed",
      `${good}moments: [{column: opened, as: new}, {column: closed, as: {values: {x: withdrawn}, otherwise: closed}}]\n`,
      ["15:10 moments moments_alone", "15:59 moments.1.as column_needed"],
    ],
    ["YAML that is none", "version: 1\nsource: {old\n", ["3:1  yaml_invalid"]],
    ["a key that stands twice", `${good}source: again\n`, ["15:1  yaml_invalid"]],
    ["nothing at all", "", ["1:1  value_invalid"]],
  ])("with %s is refused, by line and column", (_name, text, expected) => {
    const found = faults(text);
    expect(found.slice(0, expected.length)).toEqual(expected);
  });

  it("names every mistake at once, in the order of the file", () => {
    const found = faults(
      good
        .replace("version: 1", "version: 2")
        .replace("Open: new", "Open: fresh")
        .replace("reaction: 1h", "reaction: 1x"),
    );
    expect(found.map((fault) => fault.split(":")[0])).toEqual(["1", "9", "14"]);
  });
});
