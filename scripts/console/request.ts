import { demoPassword } from "../demo/world.ts";
import type { Stand } from "./stand.ts";

const sessions = new Map<string, Promise<{ cookie: string; csrf: string }>>();

async function signIn(url: string, login: string): Promise<{ cookie: string; csrf: string }> {
  const answer = await fetch(`${url}/api/v1/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login, password: demoPassword }),
  });
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(";")[0] ?? "")
    .join("; ");
  return { cookie, csrf: csrfToken };
}

/** Somebody does something at another place, by the API; throws when it is refused. */
export async function request(
  { stack }: Stand,
  login: string,
  method: "GET" | "POST" | "PATCH",
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const url = stack.urls.public;
  const key = `${url} ${login}`;
  let session = sessions.get(key);
  if (session === undefined) sessions.set(key, (session = signIn(url, login)));
  const { cookie, csrf } = await session;
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { cookie, "x-csrf-token": csrf, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const reply = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) throw new Error(`${method} ${path} by ${login}: ${answer.status} ${JSON.stringify(reply)}`);
  return reply;
}
