import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createLogger, manualClock } from "@docket/service-kit";
import type { Principal } from "../../auth/principal.ts";
import { openHouse, type House } from "../../../test/house.ts";
import { openSocket, type LiveSocket } from "../../../test/socket.ts";
import { registered } from "../../../test/tickets.ts";
import { openBus } from "../bus.ts";
import { createPresenceBoard } from "./board.ts";

let house: House;
let ticketId: string;
const sockets: LiveSocket[] = [];
beforeAll(async () => {
  house = await openHouse();
  ({ ticketId } = await registered(house));
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.ws.terminate();
});
afterAll(() => house.close());

async function open(login: string): Promise<LiveSocket> {
  const socket = await openSocket(house.url, await house.as(login));
  sockets.push(socket);
  await socket.next("hello");
  return socket;
}

describe("presence", () => {
  it("tells who looks at and who writes in a ticket, and when they have gone", async () => {
    const [olga, ivan] = [await open("olga"), await open("ivan")];
    olga.send({ type: "subscribe", id: "p", view: "presence", filter: {} });
    expect(await olga.next("presence", "p")).toMatchObject({ whole: true, tickets: [] });
    ivan.send({ type: "presence", ticketId, doing: "looking" });
    expect(await olga.next("presence", "p")).toMatchObject({
      whole: false,
      tickets: [{ ticketId, people: [{ name: "Иван Инженеров", role: "engineer", doing: "looking" }] }],
    });
    const second = await open("ivan");
    second.send({ type: "presence", ticketId, doing: "writing" });
    const writing = await olga.next("presence", "p");
    expect(writing.tickets[0]!.people).toMatchObject([{ doing: "writing" }]);
    second.ws.terminate();
    expect((await olga.next("presence", "p")).tickets[0]!.people).toMatchObject([{ doing: "looking" }]);
    ivan.send({ type: "presence", ticketId, doing: "gone" });
    expect((await olga.next("presence", "p")).tickets).toEqual([{ ticketId, people: [] }]);
  });

  it("is nothing for customers", async () => {
    const [anna, ivan] = [await open("anna"), await open("ivan")];
    anna.send({ type: "subscribe", id: "p", view: "presence", filter: {} });
    expect(await anna.next("error", "p")).toMatchObject({ code: "forbidden" });
    anna.send({ type: "presence", ticketId, doing: "looking" });
    expect(await anna.next("error")).toMatchObject({ code: "forbidden" });
    ivan.send({ type: "subscribe", id: "p", view: "presence", filter: {} });
    expect((await ivan.next("presence", "p")).tickets).toEqual([]);
    ivan.send({ type: "presence", ticketId, doing: "staring" });
    expect(await ivan.next("error")).toMatchObject({ code: "bad_frame", field: "doing" });
  });

  it("is carried to other gateways, to those that come later as well", async () => {
    const logger = createLogger("test");
    const clock = manualClock(new Date());
    const gateway = () => {
      const bus = openBus({ db: house.database.db, databaseUrl: house.database.url, logger });
      return { bus, board: createPresenceBoard(bus, clock) };
    };
    const caller = { accountId: "a-1", name: "Ivan", role: "engineer" } as Principal;
    const first = gateway();
    first.board.say("w-1", caller, ticketId, "looking");
    const second = gateway();
    const seen = () =>
      new Promise<void>((resolve) => {
        const stop = second.board.watch((tickets) => {
          if (!tickets.includes(ticketId)) return;
          stop();
          resolve();
        });
      });
    await seen();
    expect(second.board.of(ticketId)).toMatchObject([{ accountId: "a-1", doing: "looking" }]);
    const gone = seen();
    first.board.leave("w-1");
    await gone;
    expect(second.board.everybody()).toEqual([]);
    for (const { bus, board } of [first, second]) {
      board.stop();
      await bus.stop();
    }
  });
});
