import type { FastifyInstance } from "fastify";
import { type AccountRole, type HistoryEntry, rightsRoutes } from "@docket/api-contract";
import { rightsStream } from "@docket/audit";
import {
  allEvents,
  findStaff,
  foldRights,
  subjectOfRights,
  unlessErased,
  type Fact,
  type Language,
  type RightsEvent,
} from "@docket/domain";
import type { StoredFact } from "@docket/event-store";
import { changesBetween } from "../console/administration/history.ts";
import { languageFor } from "../http/language.ts";
import { Refusal } from "../http/refusal.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";

type RightsFact = StoredFact & Fact<RightsEvent>;

/** Who was given which rights, now and at any past moment, and what befell each account and token. */
export function serveRights(app: FastifyInstance, serving: Serving): void {
  const { deps, serve } = serving;
  const { db, store } = deps;
  // nothing of it is personal, so nothing of it is ever forgotten: what was read once need not be read again
  let known: readonly RightsFact[] = [];

  async function facts(): Promise<readonly RightsFact[]> {
    const from = known.length;
    const more = (await store.load(rightsStream, { from })) as readonly RightsFact[];
    if (known.length === from) known = [...known, ...more];
    return known;
  }

  /** What accounts are called now; names stand in their rows alone. */
  async function names(): Promise<ReadonlyMap<string, { readonly login: string; readonly name: string }>> {
    const rows = await db.selectFrom("app.accounts").select(["id", "login", "display_name"]).execute();
    return new Map(rows.map(({ id, login, display_name }) => [id, { login, name: display_name }]));
  }

  serve(app, rightsRoutes.rights, {}, async ({ caller, query, reply }) => {
    demand(caller, { do: "seeRights" });
    const moment = await serving.moment(query, reply);
    const at = moment.at?.toISOString();
    const told = (await facts()).filter(
      ({ meta, position }) =>
        (at === undefined || meta.recordedAt <= at) &&
        (!moment.pinned || BigInt(position.commit) <= BigInt(moment.position)),
    );
    const called = await names();
    const items = [...foldRights(told).values()].map(({ scopes, name, ...rights }) => ({
      ...rights,
      role: rights.role as AccountRole,
      scopes: scopes === null ? null : [...scopes],
      name: name ?? called.get(rights.accountId)?.name ?? null,
      login: called.get(rights.accountId)?.login ?? null,
    }));
    return { items, asOf: at ?? null, position: moment.position };
  });

  serve(app, rightsRoutes.history, {}, async ({ caller, params, request }) => {
    demand(caller, { do: "seeRights" });
    const own = (await facts()).filter((fact) => subjectOfRights(fact) === params.accountId);
    if (own.length === 0) throw new Refusal("not_found");
    const directory = deps.directory();
    const nameOf = (actorId: string): string | null => unlessErased(findStaff(directory, actorId)?.name ?? null);
    return { items: historyOf(own, params.accountId, languageFor(request, caller), nameOf) };
  });
}

const shown = ["role", "organizationId", "personId", "staffId", "name", "scopes", "expiresAt", "active"] as const;

/** The facts of one account or token, newest first, each with what it changed. */
function historyOf(
  facts: readonly RightsFact[],
  id: string,
  language: Language,
  nameOf: (actorId: string) => string | null,
): HistoryEntry[] {
  let before: Record<string, unknown> = {};
  return facts
    .map((fact, place): HistoryEntry => {
      const rights = foldRights(facts.slice(0, place + 1)).get(id);
      const after = Object.fromEntries(shown.map((field) => [field, rights?.[field] ?? null]));
      const changes = changesBetween(before, after);
      before = after;
      return {
        eventId: fact.eventId,
        revision: place,
        position: String(fact.position.commit),
        type: fact.type,
        title: allEvents.get(fact.type)?.title[language] ?? fact.type,
        occurredAt: fact.meta.occurredAt,
        recordedAt: fact.meta.recordedAt,
        effectiveFrom: null,
        actor: { id: fact.meta.actor.id, role: fact.meta.actor.role, name: nameOf(fact.meta.actor.id) },
        channel: fact.meta.channel,
        changes,
        data: { ...fact.data },
        hash: fact.hash,
      };
    })
    .toReversed();
}
