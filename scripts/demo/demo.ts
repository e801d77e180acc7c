import { directoryCommands } from "@docket/domain";
import { loginAs } from "../acceptance/api.ts";
import { loadAccounts } from "./accounts.ts";
import { loadTemplates } from "./load-templates.ts";
import { loadTickets } from "./load-tickets.ts";
import { loadUnrouted } from "./load-unrouted.ts";
import { loadWorld } from "./load-world.ts";
import { demoPassword } from "./world.ts";

export interface DemoOptions {
  readonly urls: { readonly public: string; readonly smtp: string; readonly database: string };
  readonly supportAddress: string;
  readonly say: (line: string) => void;
}

interface TicketOptions extends DemoOptions {
  /**
   * The present that the tickets' past is reckoned from. The same for every try at one load: it is part of what is sent,
   * and a repeated sending must say the same.
   */
  readonly now: Date;
}

/** Customers, staff and logins of the demo: at once usable, before the tickets come. */
export async function loadDemoWorld(
  { urls }: DemoOptions,
  { tickets = false }: { readonly tickets?: boolean } = {},
): Promise<void> {
  await loadAccounts(urls.database);
  const admin = await loginAs(() => urls.public, "admin", demoPassword);
  const names = new Map(
    Object.entries(directoryCommands).map(([name, definition]) => [definition.type as string, name]),
  );
  await loadWorld(
    admin,
    (type) => names.get(type) ?? type,
    tickets ? () => loadUnrouted(urls.public, admin) : undefined,
  );
  await loadTemplates(urls.public);
}

/**
 * The demo's tickets, through the front door. A load that was interrupted goes on where it stopped: every step carries an
 * idempotency key.
 */
export async function loadDemoTickets(options: TicketOptions): Promise<void> {
  let told = 0;
  await loadTickets({
    gateway: options.urls.public,
    smtpPort: Number(new URL(options.urls.smtp).port),
    supportAddress: options.supportAddress,
    now: () => options.now,
    progress: (done, of) => {
      if (done < told + 10 && done < of) return;
      told = done;
      options.say(`demo tickets: ${done} of ${of}`);
    },
  });
}
