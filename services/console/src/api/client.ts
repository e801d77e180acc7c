import type { Problem } from "@docket/api-contract";
import { currentLanguage } from "../text/i18n.ts";
import { noteServerTime } from "../time/now.ts";
import { ApiError, PastShown, Unreachable } from "./problem.ts";

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  readonly signal?: AbortSignal;
  /** revision that the sender has seen (`If-Match`) */
  readonly revision?: number;
  /** the same key with the same body is carried out once, however often it is sent */
  readonly idempotencyKey?: string;
  /** it changes nothing that a past moment shows (a choice of one's own, a question that is sent as a body): it goes out then, too */
  readonly timeless?: boolean;
}

let csrf: string | undefined;
/** The position of our own last write: reads wait for it, so that everybody reads what he wrote. */
let written: bigint | undefined;
let onSignedOut: () => void = () => undefined;

/** Kept in memory only; it comes with every sign-in and with every `me`. */
export function setCsrf(token: string | null): void {
  csrf = token ?? undefined;
}

let pastShown = false;
/** While a past moment is shown nothing is written, whichever way somebody found to try. */
export function holdWrites(held: boolean): void {
  pastShown = held;
}

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** `?a=1&b=x,y`; what is null or undefined is left out. */
export function queryText(query: Query | undefined): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]): [string, string][] => {
    if (value == null || (Array.isArray(value) && value.length === 0)) return [];
    return [[name, Array.isArray(value) ? value.join(",") : String(value)]];
  });
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}

/** GET `/api/v1` + path. Errors: `ApiError` with the gateway's code, `Unreachable`; of what writes also `PastShown`. */
export const get = <T>(path: string, options: RequestOptions = {}): Promise<T> =>
  send<T>("GET", path, undefined, options);
export const post = <T>(path: string, body: unknown, options: RequestOptions = {}): Promise<T> =>
  send<T>("POST", path, body, options);
export const patch = <T>(path: string, body: unknown, options: RequestOptions = {}): Promise<T> =>
  send<T>("PATCH", path, body, options);
export const remove = <T>(path: string, options: RequestOptions = {}): Promise<T> =>
  send<T>("DELETE", path, undefined, options);

/** Uploads bytes as they are; the reply names them for use in a command. */
export const upload = <T>(file: File, signal?: AbortSignal): Promise<T> =>
  send<T>("POST", "/attachments", file, { query: { name: file.name }, ...(signal ? { signal } : {}) });

/** The address of something that the browser itself fetches (a file, an export). */
export const addressOf = (path: string, query?: Query): string => `/api/v1${path}${queryText(query)}`;

async function send<T>(method: string, path: string, body: unknown, options: RequestOptions): Promise<T> {
  if (method !== "GET" && pastShown && options.timeless !== true) throw new PastShown("a past moment is shown");
  const headers: Record<string, string> = { accept: "application/json", "accept-language": currentLanguage() };
  if (method !== "GET" && csrf !== undefined) headers["x-csrf-token"] = csrf;
  if (method === "GET" && written !== undefined) headers["docket-wait-position"] = String(written);
  if (options.revision !== undefined) headers["if-match"] = `"${options.revision}"`;
  if (options.idempotencyKey !== undefined) headers["idempotency-key"] = options.idempotencyKey;
  const isFile = body instanceof File;
  if (isFile) headers["content-type"] = body.type === "" ? "application/octet-stream" : body.type;
  else if (body !== undefined) headers["content-type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(addressOf(path, options.query), {
      method,
      headers,
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new Unreachable("the gateway does not answer");
  }
  noteServerTime(response.headers.get("date"));
  const position = response.headers.get("docket-position");
  if (method !== "GET" && position !== null && /^\d+$/u.test(position)) {
    const own = BigInt(position);
    if (written === undefined || own > written) written = own;
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  throw await refusalOf(response, path);
}

async function refusalOf(response: Response, path: string): Promise<ApiError> {
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
  if (response.status === 401 && path !== "/login") onSignedOut();
  return new ApiError(
    response.status,
    problem?.code === undefined
      ? { type: "about:blank", title: `HTTP ${response.status}`, status: response.status, code: "internal" }
      : problem,
  );
}
