import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Finds what is wrong with the tables of guarantees: every row must name at least one test as
 * `` `path/of/file.test.ts` › name of the test ``, the file must exist and hold a test with that name. Where the name is
 * made from a table of cases, the part before its first placeholder is enough.
 *
 * Takes the document's text and the project's folder; gives one sentence per fault.
 */
export function faultsOfGuarantees(document: string, root: string): string[] {
  const lines = document.split("\n").map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const isRule = (cells: readonly string[] | undefined): boolean =>
    cells?.length ? cells.every((cell) => /^:?-+:?$/u.test(cell)) : false;
  const rows = lines
    .map((cells, index) => ({ number: index + 1, cells }))
    // neither the line under a table's head nor the head itself
    .filter(({ cells, number }) => cells.length >= 3 && !isRule(cells) && !isRule(lines[number]));
  if (rows.length === 0) return ["no table of guarantees found"];
  return rows.flatMap(({ number, cells }) => {
    const tests = [...(cells.at(-1) ?? "").matchAll(/`([^`]+[.](?:test|scenes)[.]ts)`\s*›\s*(.+?)(?=<br>|$)/gu)];
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
