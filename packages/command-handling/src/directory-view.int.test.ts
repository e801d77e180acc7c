import { startEventStore } from "@docket/embedded-eventstore";
import { comparePositions, openEventStore, type ReadAllOptions } from "@docket/event-store";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { people, registration, setUp } from "../../domain/test/service-centre.ts";
import { type Office, openOffice } from "../test/office.ts";
import { createDirectoryView, type DirectoryView } from "./directory-view.ts";

let node: Awaited<ReturnType<typeof startEventStore>>;
let office: Office;
beforeAll(async () => {
  node = await startEventStore({ port: 0, memory: true });
  office = await openOffice(`esdb://127.0.0.1:${node.port}?tls=false`, "2024-04-22T06:00:00.000Z");
  for (const command of setUp) await office.ok(command, { actor: people.boss });
});
afterAll(async () => {
  await office?.close();
  await node?.stop();
});

it("a refresh up to an event reads what is not in the view yet, once", async () => {
  const store = openEventStore(`esdb://127.0.0.1:${node.port}?tls=false`);
  const asked: (ReadAllOptions | undefined)[] = [];
  const counting = {
    ...store,
    readAll: (options?: ReadAllOptions) => {
      asked.push(options);
      return store.readAll(options);
    },
    // the following comes too late for everything
    followAll: async ({ signal }: { signal: AbortSignal }) =>
      new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
  };
  const view: DirectoryView = createDirectoryView(counting);
  try {
    await office.ok(registration());
    const head = await store.head();
    const directory = await view.refresh(head);
    expect(directory).toEqual(await office.directory.refresh());
    expect(asked).toHaveLength(1);
    // the ticket stands behind the last event of the directory: the view reaches up to it all the same
    expect(comparePositions(view.position(), head)).toBe(0);
    expect(await view.refresh(head)).toBe(directory);
    expect(asked).toHaveLength(1);
    await view.refresh();
    await vi.waitFor(() => expect(asked.at(-1)?.from).toEqual(head));
  } finally {
    await view.close();
    await store.close();
  }
});
