import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorsMarkdown } from "@docket/api-contract";
import { commandsMarkdown } from "./catalogue/commands-markdown.ts";
import { eventsMarkdown } from "./catalogue/events-markdown.ts";
import { root } from "./checks/run-tool.ts";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket catalogue [--check]

Writes docs/events.md, docs/commands.md and docs/errors.md from the schemas and the error catalogue.

  --check   write nothing; exit code 1 when one of them is not up to date
  --help    this text
`;

const documents = {
  "docs/events.md": eventsMarkdown,
  "docs/commands.md": commandsMarkdown,
  "docs/errors.md": errorsMarkdown,
};

await runVerb({ usage, options: { check: { type: "boolean" } } }, async ({ check }) => {
  let stale = 0;
  for (const [file, text] of Object.entries(documents)) {
    const path = join(root, file);
    const fresh = text();
    if ((await readFile(path, "utf8").catch(() => "")) === fresh) continue;
    if (check) {
      stale++;
      process.stdout.write(`docs_stale: ${file} is not what the schemas say; run scripts/docket catalogue\n`);
    } else {
      await writeFile(path, fresh);
      process.stdout.write(`wrote ${file}\n`);
    }
  }
  return stale === 0 ? 0 : 1;
});
