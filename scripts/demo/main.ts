import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { followSupervisor, loadConfig, setting } from "@docket/service-kit";
import { z } from "zod";
import { runVerb } from "../verb.ts";
import { loadDemoTickets, loadDemoWorld } from "./demo.ts";

const usage = `scripts/docket demo [--world-only]

Loads the demo data into the running Docket, through its front door: customers, contracts, staff, logins, and some forty
tickets in every state. What is there already is left as it is.

  --world-only   no tickets
  --help         this text
`;

await runVerb({ usage, options: { "world-only": { type: "boolean" } } }, async ({ "world-only": world }) => {
  const config = loadConfig(
    z.object({
      DATABASE_URL: setting.url("postgres", "postgresql"),
      DOCKET_PUBLIC_URL: setting.url("http", "https"),
      DOCKET_DATA: z.string().default(".docket"),
      DOCKET_SUPPORT_ADDRESS: z.string().default("support@docket.example"),
      MAILROOM_HOST: z.string().default("127.0.0.1"),
      MAILROOM_PORT: setting.port(2525),
    }),
  );
  const options = {
    urls: {
      public: config.DOCKET_PUBLIC_URL,
      database: config.DATABASE_URL,
      smtp: `smtp://${config.MAILROOM_HOST}:${config.MAILROOM_PORT}`,
    },
    supportAddress: config.DOCKET_SUPPORT_ADDRESS,
    say: (line: string) => void process.stdout.write(`  ${line}\n`),
  };
  followSupervisor(() => process.exit(1));
  await loadDemoWorld(options, { tickets: world !== true });
  // Whoever started this can let people in now.
  process.send?.({ type: "world" });
  if (world !== true) await loadDemoTickets({ ...options, now: beginning(config.DOCKET_DATA) });
});

/** When the first try at this load began. */
function beginning(folder: string): Date {
  const file = join(folder, "demo-began");
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, new Date().toISOString());
  return new Date(readFileSync(file, "utf8"));
}
