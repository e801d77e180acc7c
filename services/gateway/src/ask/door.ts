import { openDb, type Db } from "@docket/postgres";
import { CodedError } from "@docket/service-kit";
import { ensureToken } from "../auth/accounts.ts";

/** The gateway as a verb of the command line asks it. */
export interface Door {
  /** JSON of an address under /api/v1. Throws the coded error of a refusal. */
  ask(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<Record<string, unknown>>;
  /** The bytes of an answer, as they come. */
  stream(path: string): Promise<AsyncIterable<Uint8Array>>;
  close(): Promise<void>;
}

/**
 * Opens the front door of the running Docket for an analyst: with the token in DOCKET_TOKEN, or with one of its own that is made for
 * this call (who may write to the database may look at everything anyway) and taken back at its end.
 */
export async function openDoor(language: string): Promise<Door> {
  const { DOCKET_PUBLIC_URL: address, DATABASE_URL: database, DOCKET_TOKEN: given } = process.env;
  if (!address || (!given && !database))
    throw new CodedError(
      "not_running",
      "no Docket runs on this data folder; start one, or set DOCKET_PUBLIC_URL and DOCKET_TOKEN (or DATABASE_URL)",
    );
  const own = given ? undefined : await lendToken(openDb(database as string));
  const token = given ?? own?.token ?? "";
  const base = new URL("/api/v1", address).href;

  async function call(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(base + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "accept-language": language,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new CodedError("not_running", `nobody answers at ${address}`, { cause: error });
    });
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as { code?: string; title?: string; field?: string };
    const where = problem.field === undefined ? "" : ` (${problem.field})`;
    throw new CodedError(problem.code ?? `http_${response.status}`, `${problem.title ?? response.statusText}${where}`);
  }

  return {
    async ask(method, path, body) {
      const response = await call(method, path, body);
      return response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>);
    },
    async stream(path) {
      const { body } = await call("GET", path);
      return body as unknown as AsyncIterable<Uint8Array>;
    },
    async close() {
      await own?.takeBack();
    },
  };
}

async function lendToken(db: Db): Promise<{ readonly token: string; takeBack(): Promise<void> }> {
  const { token, tokenId } = await ensureToken(db, {
    name: "docket command line",
    role: "analyst",
    scopes: ["read"],
  }).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });
  return {
    token,
    async takeBack() {
      await db.deleteFrom("app.api_tokens").where("id", "=", tokenId).execute();
      await db.destroy();
    },
  };
}
