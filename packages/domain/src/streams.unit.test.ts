import { expect, it } from "vitest";
import {
  allCommands,
  allEvents,
  contactCommands,
  contactEvents,
  directoryCommands,
  directoryEvents,
  erasureEvents,
  rightsEvents,
  parseStreamName,
  streamKinds,
  streamNameOf,
  ticketCommands,
  ticketEvents,
  trustEvents,
} from "./index.ts";

it("stream names say their kind and id, and read back", () => {
  for (const kind of streamKinds) {
    const single = ["routing-rules", "ticket-numbers", "checkpoint", "rights"].includes(kind);
    const name = streamNameOf(kind, "a-1");
    expect(name).toBe(single ? kind : `${kind}-a-1`);
    expect(parseStreamName(name)).toEqual({ kind, id: single ? "" : "a-1" });
  }
  for (const name of ["ticket", "ticket-", "-1", "", "$ce-ticket", "toString-1", "routing-rules-1"])
    expect(parseStreamName(name)).toBeNull();
});

it("event and command types are unique and titled in both languages", () => {
  const count = (...groups: readonly object[]): number => groups.flatMap(Object.values).length;
  expect(allEvents.size).toBe(
    count(ticketEvents, contactEvents, directoryEvents, erasureEvents, trustEvents, rightsEvents),
  );
  expect(allCommands.size).toBe(count(ticketCommands, contactCommands, directoryCommands));
  for (const { title } of [...allEvents.values(), ...allCommands.values()]) expect(title.ru && title.en).toBeTruthy();
});
