import { readFile, writeFile } from "node:fs/promises";
import { CodedError } from "@docket/service-kit";
import { type Figure, tableOf } from "./figure.ts";

/** What `--json` writes. */
export interface Run {
  readonly machine: string;
  /** when it ended */
  readonly at: string;
  readonly quick: boolean;
  readonly results: readonly Result[];
}

export interface Result {
  readonly name: string;
  readonly title: string;
  readonly figures: readonly (Figure & { readonly ratio?: number; readonly met?: boolean })[];
  /** processes that wanted to run in the minute before and in the last one */
  readonly load?: readonly [before: number, after: number];
  readonly error?: string;
}

/** Runs that were written by `--json` as one; of a measurement that stands in several of them the last one counts. */
export async function readRuns(files: readonly string[]): Promise<Run> {
  const runs = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, "utf8")) as Run));
  const last = runs.at(-1);
  if (last === undefined) throw new CodedError("option_invalid", "no file of a run is named");
  const byName = new Map(runs.flatMap(({ results }) => results.map((result) => [result.name, result] as const)));
  return { ...last, results: [...byName.values()] };
}

/** The figures of a run as the part of a Markdown document. */
export function asMarkdown({ machine, at, quick, results }: Run): string {
  const parts = results.map(({ title, figures, load, error }) => {
    const loads =
      load === undefined ? "" : ` Load of the machine ${load[0].toFixed(1)} before, ${load[1].toFixed(1)} after.`;
    return `### ${title}\n\n${error === undefined ? tableOf(figures) : `Not measured: ${error}`}\n\n${loads.trim()}`;
  });
  const head = `${machine}; ${at.slice(0, 10)}${quick ? "; a tenth of the work, so not the figures to go by" : ""}.`;
  return [head, ...parts].map((part) => part.trimEnd()).join("\n\n");
}

const begin = "<!-- figures: written by npm run bench -- --markdown -->";
const end = "<!-- end of the figures -->";

/** Puts the figures between their marks in a document, or makes a document of nothing else where there is none. */
export async function putIntoDocument(file: string, run: Run): Promise<void> {
  const part = `${begin}\n\n${asMarkdown(run)}\n\n${end}`;
  const old = await readFile(file, "utf8").catch((error: unknown) => {
    if ((error as { code?: unknown }).code === "ENOENT") return `${begin}${end}\n`;
    throw error;
  });
  const [from, to] = [old.indexOf(begin), old.indexOf(end)];
  if (from < 0 || to < from)
    throw new CodedError("option_invalid", `${file} has no place for figures: "${begin}" and "${end}" are missing`);
  await writeFile(file, old.slice(0, from) + part + old.slice(to + end.length));
}
