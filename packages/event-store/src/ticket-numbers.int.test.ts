import { startEventStore } from "@docket/embedded-eventstore";
import { manualClock } from "@docket/service-kit";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { EventStore } from "./api.ts";
import { openEventStore } from "./event-store.ts";
import { createTicketNumbers } from "./ticket-numbers.ts";

const clock = manualClock(new Date("2024-04-26T12:00:00.000Z"));
let node: Awaited<ReturnType<typeof startEventStore>>;
const stores: EventStore[] = [];
beforeAll(async () => {
  node = await startEventStore({ port: 0, memory: true });
  for (let n = 0; n < 3; n++) stores.push(openEventStore(`esdb://127.0.0.1:${node.port}?tls=false`));
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await node.stop();
});

it("gives every number once, to however many processes that ask at once, and goes on after them", async () => {
  const given = await Promise.all(
    stores.flatMap((store) => {
      const numbers = createTicketNumbers(store, clock, { block: 7 });
      return Array.from({ length: 50 }, () => numbers.next());
    }),
  );
  expect(new Set(given).size).toBe(150);
  expect(given).toContain("SC-000001");
  const reserved = (await stores[0]!.load("ticket-numbers")).map((fact) => fact.data);
  expect(reserved[0]).toEqual({ from: 1, to: 7 });
  expect(await createTicketNumbers(stores[0]!, clock).next()).toBe(
    `SC-${String(reserved.length * 7 + 1).padStart(6, "0")}`,
  );
});
