import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Finds what is wrong with a table of guarantees: every row must name at least one test as
 * `` `path/of/file.test.ts` › name of the test ``, the file must exist and hold a test with that name. Where the name is
 * made from a table of cases, the part before its first placeholder is enough.
 *
 * Takes the document's text and the project's folder; gives one sentence per fault.
 */
export function faultsOfGuarantees(document: string, root: string): string[] {
  const rows = document
    .split("\n")
    .map((line, index) => ({
      number: index + 1,
      cells: line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    }))
    .filter(({ cells }) => cells.length >= 3 && !/^[-: ]*$/u.test(cells[0] ?? ""));
  const header = rows.shift();
  if (header === undefined) return ["no table of guarantees found"];
  return rows.flatMap(({ number, cells }) => {
    const tests = [...(cells.at(-1) ?? "").matchAll(/`([^`]+[.]test[.]ts)`\s*›\s*(.+?)(?=<br>|$)/gu)];
    if (tests.length === 0) return [`line ${number}: no test is named for "${cells[0]}"`];
    return tests.flatMap(([, file = "", name = ""]) => {
      const path = join(root, file);
      if (!existsSync(path)) return [`line ${number}: there is no ${file}`];
      return readFileSync(path, "utf8").includes(name.trim())
        ? []
        : [`line ${number}: ${file} has no test "${name.trim()}"`];
    });
  });
}
