import { expect, it } from "vitest";
import { allCommands, allEvents, streamKinds, streamNameOf, parseStreamName } from "./index.ts";

it("stream names say their kind and id, and read back", () => {
  for (const kind of streamKinds) {
    const single = kind === "routing-rules" || kind === "ticket-numbers";
    const name = streamNameOf(kind, "a-1");
    expect(name).toBe(single ? kind : `${kind}-a-1`);
    expect(parseStreamName(name)).toEqual({ kind, id: single ? "" : "a-1" });
  }
  for (const name of ["ticket", "ticket-", "-1", "", "$ce-ticket", "toString-1", "routing-rules-1"])
    expect(parseStreamName(name)).toBeNull();
});

it("event and command types are unique and titled in both languages", () => {
  expect(allEvents.size).toBe(67);
  expect(allCommands.size).toBe(63);
  for (const { title } of [...allEvents.values(), ...allCommands.values()]) expect(title.ru && title.en).toBeTruthy();
});
