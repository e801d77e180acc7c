import type { FastifyInstance } from "fastify";
import { sql, type Transaction } from "kysely";
import { adminRoutes, directoryCommandRoutes, type AccountRole, type Scope } from "@docket/api-contract";
import type { RightsMover } from "@docket/audit";
import { directoryCommands, type AnyCommand, type Language } from "@docket/domain";
import type { Database } from "@docket/postgres";
import { ensureToken } from "../auth/accounts.ts";
import { hashPassword } from "../auth/passwords.ts";
import { actionChannelOf, actorOf, type Principal } from "../auth/principal.ts";
import type { Serving } from "../http/serve.ts";
import { Refusal } from "../http/refusal.ts";
import { demand } from "../policy/enforce.ts";
import { metaFor } from "../tickets/command-meta.ts";
import { seenRevision } from "../tickets/if-match.ts";
import { accepted, replyTo } from "../tickets/outcome.ts";

interface AccountRow {
  readonly id: string;
  readonly login: string;
  readonly display_name: string;
  readonly role: string;
  readonly organization_id: string | null;
  readonly person_id: string | null;
  readonly language: string;
  readonly disabled: boolean;
  readonly created_at: Date;
}

const accountColumns = [
  "id",
  "login",
  "display_name",
  "role",
  "organization_id",
  "person_id",
  "language",
  "disabled",
  "created_at",
] as const;

const shownAccount = (row: AccountRow) => ({
  accountId: row.id,
  login: row.login,
  name: row.display_name,
  role: row.role as AccountRole,
  organizationId: row.organization_id,
  personId: row.role === "requester" ? row.person_id : null,
  staffId: row.role === "requester" ? null : row.person_id,
  language: row.language as Language,
  disabled: row.disabled,
  createdAt: row.created_at.toISOString(),
});

/** Accounts, tokens, and the commands by which the directory is administered. */
export function serveAdmin(app: FastifyInstance, serving: Serving, rights: Pick<RightsMover, "flush">): void {
  const { deps, serve, sessions } = serving;
  const { db, clock, desk } = deps;

  /** Changes accounts or tokens in one transaction, in the caller's name; what was changed is on record when this resolves. */
  async function changing<T>(caller: Principal, work: (db: Transaction<Database>) => Promise<T>): Promise<T> {
    const { id, role } = actorOf(caller);
    const channel = actionChannelOf(caller);
    const who = JSON.stringify({ actor: { id, role }, channel, at: clock.now().toISOString() });
    const result = await db.transaction().execute(async (transaction) => {
      await sql`select set_config('docket.by', ${who}, true)`.execute(transaction);
      return work(transaction);
    });
    await rights.flush();
    return result;
  }

  for (const [key, route] of directoryCommandRoutes) {
    const { type } = directoryCommands[key];
    serve(app, route, {}, async (call) => {
      const { caller, request, reply, idFor } = call;
      demand(caller, { do: "directoryCommand", commandType: type });
      const { occurredAt, ...data } = call.body as Record<string, unknown> & { occurredAt?: string };
      const meta = metaFor(caller, { commandId: idFor("command"), occurredAt, ifRevision: seenRevision(request) });
      return replyTo(reply, accepted(await desk.execute({ type, data } as AnyCommand, meta), caller.language));
    });
  }

  serve(app, adminRoutes.accounts, {}, async ({ caller }) => {
    demand(caller, { do: "administer" });
    const rows = await db.selectFrom("app.accounts").select(accountColumns).orderBy("login").execute();
    return { items: rows.map(shownAccount) };
  });

  serve(app, adminRoutes.createAccount, {}, async ({ caller, body, idFor }) => {
    demand(caller, { do: "administer" });
    if (body.role === "requester" && body.organizationId === null)
      throw new Refusal("required", { field: "organizationId" });
    const passwordHash = await hashPassword(body.password);
    const row = await changing(caller, (work) =>
      work
        .insertInto("app.accounts")
        .values({
          id: idFor("account"),
          login: body.login,
          password_hash: passwordHash,
          role: body.role,
          person_id: body.role === "requester" ? body.personId : body.staffId,
          organization_id: body.organizationId,
          display_name: body.name,
          language: body.language,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning(accountColumns)
        .executeTakeFirst(),
    );
    if (row === undefined) throw new Refusal("login_taken", { field: "login" });
    return shownAccount(row);
  });

  serve(app, adminRoutes.changeAccount, {}, async ({ caller, params, body }) => {
    demand(caller, { do: "administer" });
    const change = {
      ...(body.password === undefined ? {} : { password_hash: await hashPassword(body.password) }),
      ...(body.name === undefined ? {} : { display_name: body.name }),
      ...(body.role === undefined ? {} : { role: body.role }),
      ...(body.language === undefined ? {} : { language: body.language }),
      ...(body.disabled === undefined ? {} : { disabled: body.disabled }),
    };
    const row = await changing(caller, async (work) => {
      // who changes a password or shuts an account means to end what stands open under it
      if (body.password !== undefined || body.disabled === true)
        await work.deleteFrom("app.sessions").where("account_id", "=", params.accountId).execute();
      const asked = work.updateTable("app.accounts").where("id", "=", params.accountId).returning(accountColumns);
      if (Object.keys(change).length > 0) return asked.set(change).executeTakeFirst();
      return work
        .selectFrom("app.accounts")
        .select(accountColumns)
        .where("id", "=", params.accountId)
        .executeTakeFirst();
    });
    if (row === undefined) throw new Refusal("account_not_found");
    sessions.forget(params.accountId);
    return shownAccount(row);
  });

  serve(app, adminRoutes.tokens, {}, async ({ caller }) => {
    demand(caller, { do: "administer" });
    const rows = await db
      .selectFrom("app.api_tokens")
      .select(["id", "name", "role", "organization_id", "scopes", "created_at", "expires_at", "revoked_at"])
      .orderBy("created_at")
      .execute();
    return {
      items: rows.map((row) => ({
        tokenId: row.id,
        name: row.name,
        role: row.role as AccountRole,
        organizationId: row.organization_id,
        scopes: row.scopes as Scope[],
        createdAt: row.created_at.toISOString(),
        expiresAt: row.expires_at?.toISOString() ?? null,
        revokedAt: row.revoked_at?.toISOString() ?? null,
      })),
    };
  });

  serve(app, adminRoutes.createToken, { secret: true }, async ({ caller, body }) => {
    demand(caller, { do: "administer" });
    const { tokenId, token } = await changing(caller, (work) => ensureToken(work, body));
    return {
      tokenId,
      name: body.name,
      role: body.role,
      organizationId: body.organizationId,
      scopes: body.scopes,
      createdAt: clock.now().toISOString(),
      expiresAt: body.expiresAt,
      revokedAt: null,
      token,
    };
  });

  serve(app, adminRoutes.revokeToken, {}, async ({ caller, params }) => {
    demand(caller, { do: "administer" });
    const row = await changing(caller, (work) =>
      work
        .updateTable("app.api_tokens")
        .set({ revoked_at: clock.now() })
        .where("id", "=", params.tokenId)
        .returning("id")
        .executeTakeFirst(),
    );
    if (row === undefined) throw new Refusal("not_found");
    sessions.forget(params.tokenId);
    return undefined;
  });
}
