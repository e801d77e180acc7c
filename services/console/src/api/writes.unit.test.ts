import { globSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { get, holdWrites, patch, post, remove, upload } from "./client.ts";
import { PastShown } from "./problem.ts";

const folder = new URL("../", import.meta.url);
const files = globSync("**/*.{ts,tsx}", { cwd: folder })
  .filter((name) => !name.includes(".test.") && name !== "api/client.ts")
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
const writes = /\b(?:post|patch|remove|upload)(?:<[^;()]*?>)?\(\s*[`"]([^`"]*)/gu;
const imports = /import \{[^}]*\b(?:post|patch|remove|upload)\b[^}]*\} from "[./]+(?:api\/)?client[.]ts"/u;

/** What one who looks at the past may do all the same, since it changes nothing that the past shows. */
const always = [
  "/admin/mail-preview",
  "/evidence/checks",
  "/login",
  "/logout",
  "/preferences",
  "/templates/preview",
  "/what-if",
  "/what-if/${jobId ?? ",
];
/** These write without a button of the shared shape, and each says in its own way when it is off. */
const otherwise: Readonly<Record<string, string>> = {
  "api/session.ts": "signing in and out",
  "shell/preferences.ts": "choices of one's own",
  "admin/letters/tried.tsx": "a question that is sent as a body",
  "admin/templates/template-preview.tsx": "a question that is sent as a body",
  "desk/queue/looked-at.ts": "what was looked at, only now",
  "desk/ticket/attach.tsx": "a field of forms that are off as a whole, and of the place where one writes",
  "desk/ticket/template-menu.tsx": "a part of the place where one writes, which stands there only now",
  "desk/ticket/ticket-data.ts": "sends what the ticket's buttons and forms ask for",
};

describe("what writes", () => {
  afterEach(() => {
    holdWrites(false);
    vi.unstubAllGlobals();
  });

  it("is held back while a past moment is shown, but for what names itself timeless; reads go on", async () => {
    const sent: string[] = [];
    vi.stubGlobal("fetch", (address: string, { method }: RequestInit) => {
      sent.push(`${method} ${address}`);
      return Promise.resolve(Response.json({}));
    });
    holdWrites(true);
    await expect(post("/tickets/1/commands/accept", {})).rejects.toBeInstanceOf(PastShown);
    await expect(patch("/views/1", {})).rejects.toBeInstanceOf(PastShown);
    await expect(remove("/views/1")).rejects.toBeInstanceOf(PastShown);
    await expect(upload(new File(["x"], "x.txt"))).rejects.toBeInstanceOf(PastShown);
    expect(sent).toEqual([]);
    await get("/tickets");
    await patch("/preferences", {}, { timeless: true });
    holdWrites(false);
    await post("/views", {});
    expect(sent).toEqual(["GET /api/v1/tickets", "PATCH /api/v1/preferences", "POST /api/v1/views"]);
  });

  it("names itself timeless only where it changes nothing that the past shows", () => {
    const timeless = files.flatMap(({ text }) =>
      [...text.matchAll(writes)].flatMap((found) => {
        const rest = text.slice(found.index);
        return rest.slice(0, rest.search(/;|\n\s*\}|\)\.(?:then|catch)/u)).includes("timeless: true") ? [found[1]] : [];
      }),
    );
    expect(timeless.toSorted()).toEqual(always);
  });

  it("is done by a button that is off in the past, or stands in the list of what has its own way", () => {
    const found = files.filter(({ text }) => imports.exec(text) !== null);
    expect(found.length).toBeGreaterThan(15);
    const bare = found.filter(({ text }) => !/<(?:CommandButton|OnlyNow|BeginButton)\b/u.test(text));
    expect(bare.map(({ name }) => name).toSorted()).toEqual(Object.keys(otherwise).toSorted());
  });
});
