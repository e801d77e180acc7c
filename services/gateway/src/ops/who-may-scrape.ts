import { BlockList } from "node:net";
import type { FastifyRequest } from "fastify";
import { authenticate, sessionCookieName } from "../auth/authenticate.ts";
import type { Principal } from "../auth/principal.ts";
import type { Sessions } from "../auth/sessions.ts";
import { demand } from "../policy/enforce.ts";

const ownMachine = new BlockList();
ownMachine.addSubnet("127.0.0.0", 8, "ipv4");
ownMachine.addAddress("::1", "ipv6");
ownMachine.addSubnet("::ffff:127.0.0.0", 104, "ipv6");

/** A proxy on this machine speaks for others, and says so. */
const passedOn = ["forwarded", "x-forwarded-for", "x-real-ip", "via"] as const;

function fromThisMachine({ socket, headers }: FastifyRequest): boolean {
  const address = socket.remoteAddress;
  if (address === undefined || passedOn.some((name) => headers[name] !== undefined)) return false;
  return ownMachine.check(address, address.includes(":") ? "ipv6" : "ipv4");
}

/**
 * Metrics tell of all customers together (how many mails wait, how many moments are overdue): they are for a caller on this machine,
 * and from elsewhere for an administrator's session or token. Throws `not_authenticated`, `forbidden`, `scope_missing`.
 */
export async function demandScraper(request: FastifyRequest, sessions: Sessions, secure: boolean): Promise<void> {
  if (fromThisMachine(request)) return;
  // an address that demands somebody gives nobody
  const caller = (await authenticate(request, sessions, "signed-in", sessionCookieName(secure))) as Principal;
  demand(caller, { do: "administer" });
}
