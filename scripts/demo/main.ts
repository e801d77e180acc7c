import { loadConfig, setting } from "@docket/service-kit";
import { z } from "zod";
import { loadDemoTickets, loadDemoWorld } from "./demo.ts";

const usage = `scripts/docket demo [--world-only]

Loads the demo data into the running Docket, through its front door: customers, contracts, staff, logins, and some forty
tickets in every state. What is there already is left as it is.
`;

if (process.argv.includes("--help")) {
  process.stdout.write(usage);
} else {
  const config = loadConfig(
    z.object({
      DATABASE_URL: setting.url("postgres", "postgresql"),
      DOCKET_PUBLIC_URL: setting.url("http", "https"),
      DOCKET_SUPPORT_ADDRESS: z.string().default("support@docket.example"),
      MAILROOM_HOST: z.string().default("127.0.0.1"),
      MAILROOM_PORT: setting.port(2525),
    }),
  );
  const options = {
    urls: { public: config.DOCKET_PUBLIC_URL, database: config.DATABASE_URL, smtp: `smtp://${config.MAILROOM_HOST}:${config.MAILROOM_PORT}` },
    supportAddress: config.DOCKET_SUPPORT_ADDRESS,
    say: (line: string) => void process.stdout.write(`  ${line}\n`),
  };
  await loadDemoWorld(options);
  if (!process.argv.includes("--world-only")) await loadDemoTickets(options);
}
