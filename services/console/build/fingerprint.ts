import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** What a build is made of: the console's own files, the packages whose code goes into it, and the versions of the rest. */
const sources = ["services/console", "packages/sla/src", "packages/domain/src", "packages/api-contract/src"];

/** The folder of the build of the present sources. The same sources give the same folder; it need not exist yet. */
export function consoleFolder(): string {
  const hash = createHash("sha256");
  for (const source of sources)
    for (const file of filesOf(join(root, source))) hash.update(file).update(readFileSync(file));
  hash.update(readFileSync(join(root, "pnpm-lock.yaml")));
  return join(root, ".tools", "console", hash.digest("hex").slice(0, 16));
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules" && !name.endsWith(".test.ts"))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesOf(join(folder, entry.name)) : [join(folder, entry.name)]));
}
