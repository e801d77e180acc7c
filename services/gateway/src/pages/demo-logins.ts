import type { FastifyInstance } from "fastify";
import { sessionRoutes } from "@docket/api-contract";
import { z } from "zod";
import type { Serving } from "../http/serve.ts";

const offered = z.array(z.object({ login: z.string(), password: z.string() }));

/**
 * The demo's logins for the page where one signs in: those of the setting DOCKET_DEMO_LOGINS that exist. Without the setting,
 * which only a start with demo data makes, there are none.
 */
export function serveDemoLogins(app: FastifyInstance, { deps, serve }: Serving): void {
  const text = deps.settings.DOCKET_DEMO_LOGINS;
  const demo = new Map(
    text === undefined ? [] : offered.parse(JSON.parse(text)).map((each) => [each.login, each.password]),
  );
  serve(app, sessionRoutes.demoLogins, { anonymous: true, rateLimit: 240 }, async () => {
    if (demo.size === 0) return { logins: [] };
    const accounts = await deps.db
      .selectFrom("app.accounts")
      .select(["login", "display_name", "role"])
      .where("login", "in", [...demo.keys()])
      .where("disabled", "=", false)
      .execute();
    const order = [...demo.keys()];
    const logins = accounts.flatMap(({ login, display_name: name, role }) => {
      const password = login === null ? undefined : demo.get(login);
      return login === null || password === undefined ? [] : [{ login, name, role: role as never, password }];
    });
    return { logins: logins.toSorted((a, b) => order.indexOf(a.login) - order.indexOf(b.login)) };
  });
}
