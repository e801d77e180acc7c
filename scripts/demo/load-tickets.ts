import { loginAs, type Api } from "../acceptance/api.ts";
import { play } from "./play.ts";
import { strangers } from "./strangers.ts";
import type { DemoTarget } from "./target.ts";
import { demoTickets } from "./tickets.ts";
import { demoPassword } from "./world.ts";

/** Makes the demo's tickets by sending what people would send, through the gateway and the mailroom. */
export async function loadTickets(target: DemoTarget): Promise<void> {
  const logins = ["olga", "ivan", "inna", "egor", "elena", "eduard", "maria"] as const;
  const staff = Object.fromEntries(
    await Promise.all(
      logins.map(async (login) => [login, await loginAs(() => target.gateway, login, demoPassword)] as const),
    ),
  ) as Record<string, Api>;
  const olga = staff["olga"] as Api;
  let done = 0;
  // Four at a time: the demo is there in seconds, and numbers still come in about the order of the list.
  const queue = [...demoTickets.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await play(next[1], next[0], staff, olga, target);
      target.progress(++done, demoTickets.length);
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  await strangers(olga, target);
}
