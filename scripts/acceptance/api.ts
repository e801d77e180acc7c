import { setTimeout as pause } from "node:timers/promises";

/** An answer of the gateway: status, headers and the decoded body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // A test reads answers of every shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface Api {
  get(path: string): Promise<Answer>;
  /** sends with an idempotency key, so that a repeated sending cannot do the thing twice */
  post(
    path: string,
    body: unknown,
    options?: { readonly headers?: Record<string, string>; readonly key?: string },
  ): Promise<Answer>;
  readonly cookie: () => string;
}

/** Statuses and failures after which a caller may simply try again. */
const passing = new Set([502, 503, 504]);

/**
 * A person at the gateway's door: logs in, keeps cookie and CSRF token, and, as a browser's script would, tries again while
 * the gateway or what stands behind it is away. `base` is asked anew for each try, for a restarted gateway may have moved.
 */
export async function loginAs(base: () => string, login: string, password: string, patienceMs = 60_000): Promise<Api> {
  let cookie = "";
  let csrf = "";
  let keys = 0;
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const until = Date.now() + patienceMs;
    for (;;) {
      const answer = await once(method, path, body, headers).catch((error: unknown) => ({ error }));
      if (!("error" in answer) && !passing.has(answer.status)) return answer;
      if (Date.now() > until) {
        throw new Error(
          `${method} ${path} was not answered: ${"error" in answer ? String(answer.error) : JSON.stringify(answer.body)}`,
        );
      }
      await pause(50);
    }
  };
  const once = async (
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Answer> => {
    const response = await fetch(base() + path, {
      method,
      headers: {
        ...(cookie === "" ? {} : { cookie, "x-csrf-token": csrf }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        "accept-language": "ru",
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    const json = (response.headers.get("content-type") ?? "").includes("json");
    for (const set of response.headers.getSetCookie()) {
      const pair = set.split(";")[0] ?? "";
      const name = pair.split("=")[0];
      cookie = [...cookie.split("; ").filter((part) => part !== "" && part.split("=")[0] !== name), pair].join("; ");
    }
    return { status: response.status, headers: response.headers, body: json && text !== "" ? JSON.parse(text) : text };
  };
  const enter = async (): Promise<void> => {
    cookie = "";
    const entered = await send("POST", "/api/v1/login", { login, password });
    if (entered.status !== 200) throw new Error(`login ${login}: ${entered.status} ${JSON.stringify(entered.body)}`);
    csrf = entered.body.csrfToken;
  };
  /** A session ends with the working day; a person then logs in again and does the same once more. */
  const sendLoggedIn = async (...request: Parameters<typeof send>): Promise<Answer> => {
    const answer = await send(...request);
    if (answer.status !== 401) return answer;
    await enter();
    return send(...request);
  };
  await enter();
  return {
    get: (path) => sendLoggedIn("GET", path),
    post: (path, body, options = {}) =>
      sendLoggedIn("POST", path, body, {
        "idempotency-key": options.key ?? `${login}-${++keys}-${path}`,
        ...options.headers,
      }),
    cookie: () => cookie,
  };
}

/** Waits until `look` gives something; a wait on a condition, never on time. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = 60_000,
): Promise<T> {
  const until = Date.now() + withinMs;
  let failure: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== null && found !== undefined && found !== false) return found;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > until) throw new Error(`waited in vain: ${what}`, { cause: failure });
    await pause(25);
  }
}
