import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const most = 14;
/** The profile of a page, which its browser takes. Its program is built: names of functions are short, files are those of the build. */
export const pageProfile = "page.cpuprofile";

/** Where the time went: of each program that left a profile in the folder, the parts and the functions with most time of their own. */
export async function tellProfiles(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".cpuprofile"));
  const lines: string[] = [];
  for (const file of files.toSorted()) {
    const profile = JSON.parse(await readFile(join(folder, file), "utf8")) as CpuProfile;
    const program =
      file === pageProfile
        ? "page"
        : profile.nodes
            .map(
              ({ callFrame }) =>
                /(?:services|packages)\/([\w-]+)\/src\/[\w-]*(?:main|bench)\.ts$/.exec(callFrame.url)?.[1],
            )
            .find((name) => name !== undefined);
    if (program === undefined) continue;
    lines.push(...tell(program, profile), "");
  }
  return lines;
}

function tell(program: string, { nodes, samples, timeDeltas }: CpuProfile): string[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === "(idle)") continue;
    const ms = (timeDeltas[index] ?? 0) / 1_000;
    busy += ms;
    const part = partOf(frame.url, frame.functionName);
    add(parts, part, ms);
    add(
      functions,
      `${frame.functionName || "(anonymous)"} ${frame.url === "" ? "" : `${part}/${basename(frame.url)}:${frame.lineNumber + 1}`}`,
      ms,
    );
  }
  const top = (of: Map<string, number>): string[] =>
    [...of]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([name, ms]) => `    ${((ms * 100) / busy).toFixed(1).padStart(5)} %  ${name}`);
  return [
    `${program}: busy ${(busy / 1_000).toFixed(1)} s`,
    "  by part",
    ...top(parts),
    "  by function, its own time",
    ...top(functions),
  ];
}

const add = (to: Map<string, number>, name: string, ms: number): void => void to.set(name, (to.get(name) ?? 0) + ms);

function partOf(url: string, functionName: string): string {
  const library = /node_modules\/(?:\.pnpm\/[^/]+\/node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (library !== undefined) return library;
  const own = /\/((?:packages|services|projections)\/[^/]+)\//.exec(url)?.[1];
  if (own !== undefined) return own;
  if (url.startsWith("node:")) return url;
  const built = /\/assets\/(.+)-[\w-]{8}\.js$/.exec(url)?.[1];
  if (built !== undefined) return built;
  return functionName.startsWith("(") ? functionName : "(built in)";
}
