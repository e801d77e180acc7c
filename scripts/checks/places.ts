import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * Finds what a document points to and is not there: links and pictures by a relative path, and paths of the project in
 * backticks (`packages/…`, without a placeholder in them).
 *
 * Takes the document's text, its path and the project's folder; gives one sentence per fault.
 */
export function faultsOfPlaces(document: string, path: string, root: string): string[] {
  return document.split("\n").flatMap((line, index) => {
    const links = [...line.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/gu)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^[a-z]+:/u.test(target))
      .map((target) => ({ named: target, at: join(root, dirname(path), target) }));
    const places = [...line.matchAll(/`((?:packages|projections|services|scripts|docs)\/[^`\s*<>{}…]+)`/gu)].map(
      ([, target = ""]) => ({ named: target, at: join(root, target) }),
    );
    return [...links, ...places].flatMap(({ named, at }) =>
      existsSync(at) ? [] : [`${path}:${index + 1}: there is no ${named}`],
    );
  });
}

/** The same of every document of the project. */
export function faultsOfAllPlaces(root: string): string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  return ["README.md", "CONTRIBUTING.md", ...inFolder("docs")]
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) => faultsOfPlaces(readFileSync(join(root, name), "utf8"), name, root));
}
