import { sql } from "kysely";
import type { FastifyInstance } from "fastify";
import { savedScreenLimits, screenRoutes, type SavedScreen } from "@docket/api-contract";
import type { Principal } from "../../auth/principal.ts";
import { Refusal } from "../../http/refusal.ts";
import type { Serving } from "../../http/serve.ts";
import { demand } from "../../policy/enforce.ts";
import { can, type Action } from "../../policy/policy.ts";

/** Whose the screens of an area are. What a saved question may ask is judged when it is asked. */
const rightTo: Readonly<Record<SavedScreen["area"], Action>> = {
  dashboard: { do: "report" },
  report: { do: "report" },
  "what-if": { do: "report" },
  forecast: { do: "report" },
  trail: { do: "audit" },
  access: { do: "audit" },
};

interface Row {
  readonly id: string;
  readonly account_id: string;
  readonly owner: string | null;
  readonly area: SavedScreen["area"];
  readonly name: string;
  readonly search: Record<string, string>;
  readonly shared: boolean;
  readonly updated_at: Date;
}

/** Questions under a name: one's own, and those that others share with everybody who has the area. */
export function serveSavedScreens(app: FastifyInstance, serving: Serving): void {
  const { deps, serve } = serving;
  const { db, pool, clock } = deps;

  serve(app, screenRoutes.list, {}, async ({ caller, query }) => {
    demand(caller, rightTo[query.area]);
    return { items: await read(caller, query.area) };
  });

  serve(app, screenRoutes.save, {}, async ({ caller, body, idFor }) => {
    demand(caller, rightTo[body.area]);
    const { rows } = await pool.query<{ n: string }>(
      "select count(*) as n from app.saved_screens where account_id = $1 and (area, name) <> ($2, $3)",
      [caller.accountId, body.area, body.name],
    );
    if (Number(rows[0]?.n) >= savedScreenLimits.screens)
      throw new Refusal("too_many_views", { params: { limit: savedScreenLimits.screens } });
    const { area, name, shared } = body;
    await db
      .insertInto("app.saved_screens")
      .values({
        id: idFor("screen"),
        account_id: caller.accountId,
        area,
        name,
        search: JSON.stringify(body.search),
        shared,
        updated_at: clock.now(),
      })
      .onConflict((conflict) =>
        conflict.columns(["account_id", "area", "name"]).doUpdateSet({
          search: sql`excluded.search`,
          shared: sql`excluded.shared`,
          updated_at: sql`excluded.updated_at`,
        }),
      )
      .execute();
    const saved = (await read(caller, area)).find((one) => one.own && one.name === name);
    if (saved === undefined) throw new Refusal("not_found");
    return saved;
  });

  serve(app, screenRoutes.remove, {}, async ({ caller, params }) => {
    const row = await db
      .selectFrom("app.saved_screens")
      .select(["account_id", "area", "shared"])
      .where("id", "=", params.screenId)
      .executeTakeFirst();
    const own = row?.account_id === caller.accountId;
    const right = row === undefined ? undefined : rightTo[row.area as SavedScreen["area"]];
    if (row === undefined || right === undefined || (!own && !(row.shared && can(caller, right).ok)))
      throw new Refusal("not_found");
    if (!own) throw new Refusal("forbidden");
    await db.deleteFrom("app.saved_screens").where("id", "=", params.screenId).execute();
    return undefined;
  });

  async function read(caller: Principal, area: SavedScreen["area"]): Promise<SavedScreen[]> {
    const { rows } = await pool.query<Row>(
      `select s.*, a.display_name as owner from app.saved_screens s left join app.accounts a on a.id::text = s.account_id
       where s.area = $1 and (s.account_id = $2 or s.shared) order by s.name, s.id`,
      [area, caller.accountId],
    );
    return rows.map((row) => ({
      screenId: row.id,
      area: row.area,
      name: row.name,
      search: row.search,
      shared: row.shared,
      own: row.account_id === caller.accountId,
      owner: row.owner,
      updatedAt: row.updated_at.toISOString(),
    }));
  }
}
