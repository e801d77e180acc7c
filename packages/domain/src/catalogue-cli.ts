import { readFile, writeFile } from "node:fs/promises";
import { commandsMarkdown, eventsMarkdown } from "./catalogue/markdown.ts";

const help = `docket catalogue: writes docs/events.md and docs/commands.md from the schemas.

  --check   write nothing; exit with 1 when a file is not what the schemas say
  --help    this text
`;

const docs = new URL("../../../docs/", import.meta.url);
const files = { "events.md": eventsMarkdown, "commands.md": commandsMarkdown };

/** Runs the verb; gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(help);
    return 0;
  }
  const unknown = args.find((arg) => arg !== "--check");
  if (unknown !== undefined) {
    process.stderr.write(`unknown argument: ${unknown}\n\n${help}`);
    return 2;
  }
  let code = 0;
  for (const [name, render] of Object.entries(files)) {
    const path = new URL(name, docs);
    const text = render();
    const old = await readFile(path, "utf8").catch(() => null);
    if (old === text) continue;
    if (args.includes("--check")) {
      process.stderr.write(`docs/${name} is not what the schemas say; run: scripts/docket catalogue\n`);
      code = 1;
    } else {
      await writeFile(path, text);
      process.stdout.write(`wrote docs/${name}\n`);
    }
  }
  return code;
}

process.exitCode = await main(process.argv.slice(2));
