import { join } from "node:path";
import { directoryCommands } from "@docket/domain";
import { loginAs } from "../acceptance/api.ts";
import { loadAccounts } from "../demo/accounts.ts";
import { loadWorld } from "../demo/load-world.ts";
import { demoPassword } from "../demo/world.ts";
import { type Stack, startStack } from "../stack/stack.ts";

/** The same processes as `npm start`, with the demo's customers and staff and no tickets. */
export async function openStage(
  folder: string,
  env: NodeJS.ProcessEnv = {},
  options: { readonly console?: boolean } = {},
): Promise<Stack> {
  const stack = await startStack({
    ...options,
    dataDir: join(folder, "data"),
    ports: { http: 0, smtp: 0, eventStore: 0, postgres: 0 },
    env: { LOG_LEVEL: "warn", GATEWAY_INTAKE_PER_MINUTE: "1000000", ...env },
  });
  await loadAccounts(stack.urls.database);
  const admin = await loginAs(() => stack.urls.public, "admin", demoPassword);
  const keys = Object.entries(directoryCommands);
  await loadWorld(admin, (type) => keys.find(([, definition]) => definition.type === type)?.[0] ?? type);
  return stack;
}

/** The header lines of requests by a member of staff. */
export async function headersOf(stack: Stack, login: string): Promise<string> {
  const api = await loginAs(() => stack.urls.public, login, demoPassword);
  const { csrfToken } = (await api.get("/api/v1/me")).body as { csrfToken: string };
  return `cookie: ${api.cookie()}\r\nx-csrf-token: ${csrfToken}\r\n`;
}
