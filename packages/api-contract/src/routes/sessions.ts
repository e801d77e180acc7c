import { z } from "zod";
import { demoLoginsReply, loginBody, meReply, sessionReply } from "../account.ts";
import { defineRoute } from "../route.ts";

const tag = "sessions";

export const sessionRoutes = {
  login: defineRoute({
    id: "login",
    method: "POST",
    path: "/api/v1/login",
    tag,
    access: "public",
    summary: { ru: "Войти", en: "Sign in" },
    body: loginBody,
    reply: sessionReply,
    bodyLimit: 64 * 1024,
    errors: ["login_failed", "too_many_attempts", "rate_limited"],
  }),
  logout: defineRoute({
    id: "logout",
    method: "POST",
    path: "/api/v1/logout",
    tag,
    summary: { ru: "Выйти", en: "Sign out" },
    body: z.strictObject({}).optional(),
    reply: null,
    status: 204,
    errors: ["csrf_failed"],
  }),
  demoLogins: defineRoute({
    id: "demo-logins",
    method: "GET",
    path: "/api/v1/demo-logins",
    tag,
    access: "public",
    summary: { ru: "Учётные записи демонстрации", en: "Logins of the demo" },
    reply: demoLoginsReply,
    errors: ["rate_limited"],
  }),
  me: defineRoute({
    id: "me",
    method: "GET",
    path: "/api/v1/me",
    tag,
    summary: { ru: "Кто я", en: "Who am I" },
    reply: meReply,
  }),
} as const;
