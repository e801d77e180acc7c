import { z } from "zod";
import { directoryCommands, uuid } from "@docket/domain";
import { accountChange, adminAccount, apiToken, createdToken, newAccount, newToken } from "../account.ts";
import { commandReply, directoryCommandBodies, kebab, type DirectoryCommandKey } from "../command.ts";
import { defineRoute, type RouteDefinition } from "../route.ts";

const tag = "admin";
const one = z.strictObject({ accountId: uuid });

export const adminRoutes = {
  accounts: defineRoute({
    id: "admin.accounts",
    method: "GET",
    path: "/api/v1/admin/accounts",
    tag,
    summary: { ru: "Учётные записи", en: "Accounts" },
    reply: z.strictObject({ items: z.array(adminAccount) }),
  }),
  createAccount: defineRoute({
    id: "admin.createAccount",
    method: "POST",
    path: "/api/v1/admin/accounts",
    tag,
    summary: { ru: "Завести учётную запись", en: "Create an account" },
    body: newAccount,
    reply: adminAccount,
    status: 201,
    errors: ["login_taken"],
  }),
  changeAccount: defineRoute({
    id: "admin.changeAccount",
    method: "PATCH",
    path: "/api/v1/admin/accounts/{accountId}",
    tag,
    summary: { ru: "Изменить учётную запись", en: "Change an account" },
    params: one,
    body: accountChange,
    reply: adminAccount,
    errors: ["account_not_found"],
  }),
  tokens: defineRoute({
    id: "admin.tokens",
    method: "GET",
    path: "/api/v1/admin/tokens",
    tag,
    summary: { ru: "Ключи доступа машин", en: "API tokens" },
    reply: z.strictObject({ items: z.array(apiToken) }),
  }),
  createToken: defineRoute({
    id: "admin.createToken",
    method: "POST",
    path: "/api/v1/admin/tokens",
    tag,
    summary: { ru: "Выдать ключ доступа", en: "Issue an API token" },
    body: newToken,
    reply: createdToken,
    status: 201,
  }),
  revokeToken: defineRoute({
    id: "admin.revokeToken",
    method: "DELETE",
    path: "/api/v1/admin/tokens/{tokenId}",
    tag,
    summary: { ru: "Отозвать ключ доступа", en: "Revoke an API token" },
    params: z.strictObject({ tokenId: uuid }),
    reply: null,
    status: 204,
    errors: ["not_found"],
  }),
} as const;

function commandRoute(key: DirectoryCommandKey): RouteDefinition {
  return defineRoute({
    id: `admin.${key}`,
    method: "POST",
    path: `/api/v1/admin/commands/${kebab(key)}`,
    tag: "directory commands",
    summary: directoryCommands[key].title,
    body: directoryCommandBodies.get(key) as z.ZodObject<z.ZodRawShape>,
    reply: commandReply,
    errors: ["stale_revision", "idempotency_key_reused", "store_unavailable"],
  });
}

/** POST /api/v1/admin/commands/{name}, one per command on the directory. */
export const directoryCommandRoutes: ReadonlyMap<DirectoryCommandKey, RouteDefinition> = new Map(
  [...directoryCommandBodies.keys()].map((key) => [key, commandRoute(key)]),
);
