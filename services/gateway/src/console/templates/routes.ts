import { sql, type Selectable } from "kysely";
import type { FastifyInstance, FastifyReply } from "fastify";
import { consoleRoutes, type ReplyTemplate } from "@docket/api-contract";
import { findOrganization, type Language } from "@docket/domain";
import type { AppTables } from "@docket/postgres";
import type { Principal } from "../../auth/principal.ts";
import type { Directory } from "../../directory/directory.ts";
import { Refusal } from "../../http/refusal.ts";
import type { Serving } from "../../http/serve.ts";
import { demand } from "../../policy/enforce.ts";
import { readTicket, type TicketFinder } from "../../tickets/find.ts";
import { fieldsIn, fill, inWords, type FieldValues } from "./fill.ts";

type Row = Selectable<AppTables["app.reply_templates"]>;

const shown = (row: Row): ReplyTemplate => ({
  templateId: row.id,
  name: row.name,
  language: row.language as Language,
  kind: row.kind as ReplyTemplate["kind"],
  body: row.body,
  fields: fieldsIn(row.body),
  active: row.active,
  revision: row.revision,
  changedBy: { id: row.changed_by, name: row.changed_by_name },
  changedAt: row.changed_at.toISOString(),
});

/** Texts for answers that all staff share. A change adds a version; every version stays. */
export function serveTemplates(
  app: FastifyInstance,
  serving: Serving,
  parts: { readonly finder: TicketFinder; readonly directory: Directory },
): void {
  const { deps, serve } = serving;
  const { db, clock } = deps;

  serve(app, consoleRoutes.templates, {}, async ({ caller, query }) => {
    demand(caller, { do: "useTemplates" });
    const { rows } = await sql<Row>`select * from (
      select distinct on (id) * from app.reply_templates order by id, revision desc) latest order by name, id`.execute(
      db,
    );
    return { items: rows.filter(({ active }) => active || query.all === "true").map(shown) };
  });

  serve(app, consoleRoutes.createTemplate, {}, async ({ caller, body, idFor }) => {
    demand(caller, { do: "editTemplates" });
    const templateId = idFor("template");
    await write(caller, { id: templateId, revision: 0, ...body, active: true });
    return shown(await latest(templateId));
  });

  serve(app, consoleRoutes.changeTemplate, {}, async ({ caller, params, body }) => {
    demand(caller, { do: "editTemplates" });
    const before = await latest(params.templateId);
    const { revision, ...change } = body;
    const stale = new Refusal("changed_meanwhile", { params: { currentRevision: before.revision } });
    if (before.revision !== revision) throw stale;
    const { name, language, kind, body: text, active } = before;
    const kept = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const written = await write(caller, {
      id: before.id,
      revision: revision + 1,
      name,
      language,
      kind,
      body: text,
      active,
      ...kept,
    });
    if (!written) throw stale;
    return shown(await latest(params.templateId));
  });

  serve(app, consoleRoutes.templateHistory, {}, async ({ caller, params }) => {
    demand(caller, { do: "useTemplates" });
    const rows = await db
      .selectFrom("app.reply_templates")
      .selectAll()
      .where("id", "=", params.templateId)
      .orderBy("revision", "desc")
      .execute();
    if (rows.length === 0) throw new Refusal("not_found");
    return { items: rows.map(shown) };
  });

  serve(app, consoleRoutes.fillTemplate, {}, async ({ caller, params, body, reply }) => {
    demand(caller, { do: "useTemplates" });
    const template = await latest(params.templateId);
    return fill(template.body, await valuesOf(caller, body.ticket, template.language as Language, reply));
  });

  serve(app, consoleRoutes.previewTemplate, {}, async ({ caller, body, reply }) => {
    demand(caller, { do: "useTemplates" });
    return fill(body.body, await valuesOf(caller, body.ticket, body.language, reply));
  });

  async function latest(templateId: string): Promise<Row> {
    const row = await db
      .selectFrom("app.reply_templates")
      .selectAll()
      .where("id", "=", templateId)
      .orderBy("revision", "desc")
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) throw new Refusal("not_found");
    return row;
  }

  /** False when somebody else has written this version meanwhile. */
  async function write(
    caller: Principal,
    version: Omit<Row, "changed_by" | "changed_by_name" | "changed_at">,
  ): Promise<boolean> {
    const row = await db
      .insertInto("app.reply_templates")
      .values({
        ...version,
        changed_by: caller.staffId ?? caller.accountId,
        changed_by_name: caller.name,
        changed_at: clock.now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("id")
      .executeTakeFirst();
    return row !== undefined;
  }

  async function valuesOf(
    caller: Principal,
    ticket: string,
    language: Language,
    reply: FastifyReply,
  ): Promise<FieldValues> {
    const { ticketId } = await parts.finder.resolve(caller, ticket);
    const row: Readonly<Record<string, unknown>> = await readTicket(
      db,
      caller,
      ticketId,
      await serving.moment({}, reply),
    );
    const organization = findOrganization(parts.directory.now(), row["organization_id"] as string);
    const deadline = (row["resolution_deadline"] ?? row["reaction_deadline"]) as Date | null;
    const details = row["details"] as { engineerName?: string };
    return {
      "ticket.number": row["number"] as string,
      "ticket.subject": row["subject"] as string,
      "ticket.product": row["product"] as string | null,
      "requester.name": row["requester_name"] as string,
      "engineer.name": details.engineerName ?? null,
      "organization.name": organization?.name ?? null,
      deadline: deadline === null ? null : inWords(deadline, organization?.zone ?? "UTC", language),
      "me.name": caller.name,
    };
  }
}
