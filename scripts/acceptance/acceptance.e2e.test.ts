import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../checks/run-tool.ts";
import { eventually, type Api } from "./api.ts";
import { outcomeOf, type Outcome } from "./outcome.ts";
import { openStage, type TestStage } from "./stage.ts";
import { tellStory, type Told } from "./story.ts";

const begin = "2024-04-22T05:30:00.000Z";
const minutes = 60_000;
const run = promisify(execFile);
const docket = (stage: TestStage, ...args: string[]) =>
  run(process.execPath, [`${root}/scripts/docket`, ...args], {
    env: stage.stack.env(),
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });

describe("the main job, end to end", () => {
  let stage: TestStage;
  let told: Told;
  let calm: Outcome;
  beforeAll(async () => {
    stage = await openStage(begin);
  }, 3 * minutes);
  afterAll(() => stage?.close(), minutes);

  it(
    "lives through the whole regulation and closes by itself",
    async () => {
      told = await tellStory({
        gateway: () => stage.stack.urls.public,
        smtp: () => Number(new URL(stage.stack.urls.smtp).port),
        sink: stage.sink,
        supportAddress: stage.supportAddress,
        setClock: stage.setClock,
        settled: stage.settled,
        sentence: () => undefined,
      });
      calm = await outcomeOf(stage.stack.env(), stage.sink.mails);
    },
    3 * minutes,
  );

  it(
    "replays from the event store with actor and channel, and its hash chain verifies",
    async () => {
      const replay = (await told.people.anna.get(`/api/v1/tickets/${told.number}/replay?limit=500`)).body;
      expect(replay.chain).toMatchObject({ verified: true });
      const types = replay.items.map((event: { type: string }) => event.type);
      for (const type of [
        "TicketRegistered",
        "TicketClassified",
        "TicketAssigned",
        "TicketAccepted",
        "TicketCustomerAsked",
        "TicketCustomerAnswered",
        "TicketHandedOver",
        "TicketDeadlineWarned",
        "TicketDeadlineMissed",
        "TicketEscalated",
        "TicketWorkaroundGiven",
        "TicketExtended",
        "TicketResolved",
        "TicketReturned",
        "TicketReminded",
        "TicketAutoClosed",
      ]) {
        expect(types).toContain(type);
      }
      for (const event of replay.items) {
        expect(event.actor.id).toBeTruthy();
        expect(event.channel).toBeTruthy();
      }
      const { stdout } = await docket(stage, "replay", told.number, "--json");
      expect(stdout).toContain("TicketAutoClosed");
      await docket(stage, "verify", told.number);
    },
    minutes,
  );

  it("explains each clock to the second", async () => {
    const { items: clocks } = (await told.people.olga.get(`/api/v1/tickets/${told.number}/clocks`)).body as {
      items: Record<string, any>[];
    };
    expect(clocks.length).toBeGreaterThanOrEqual(4);
    for (const clock of clocks) {
      const intervals = clock["explanation"].intervals as {
        from: string;
        to: string;
        counted: boolean;
        seconds: number;
        why: unknown;
      }[];
      const counted = intervals
        .filter((interval) => interval.counted)
        .reduce((sum, interval) => sum + interval.seconds, 0);
      expect(counted).toBe(clock["explanation"].usedSeconds);
      for (const [index, interval] of intervals.entries()) {
        if (index > 0) expect(interval.from).toBe(intervals[index - 1]?.to);
        expect(interval.why).toBeTruthy();
      }
    }
  });

  it("tells the ticket and the queue as of three past moments as they then were", async () => {
    expect(told.moments).toHaveLength(3);
    for (const moment of told.moments) {
      const asOf = encodeURIComponent(moment.at);
      const ticket = (await told.people.olga.get(`/api/v1/tickets/${told.number}?asOf=${asOf}`)).body;
      const columns = (row: Record<string, unknown>) =>
        Object.fromEntries(
          [
            "status",
            "type",
            "priority",
            "line",
            "groupId",
            "engineerId",
            "reactionState",
            "resolutionState",
            "resolutionDeadline",
            "olaState",
            "revision",
            "details",
          ].map((name) => [name, row[name]]),
        );
      expect(columns(ticket)).toEqual(columns(moment.ticket));
      const queue = (await told.people.olga.get(`/api/v1/queues/all-open?limit=200&asOf=${asOf}`)).body.items as Record<
        string,
        unknown
      >[];
      expect(
        queue
          .map((entry) => `${String(entry["number"])} ${String(entry["status"])} ${String(entry["revision"])}`)
          .sort(),
      ).toEqual(moment.queue);
    }
  });

  it(
    "a rebuild gives byte-equal read models, and no read fails meanwhile",
    async () => {
      let failed = 0;
      let reads = 0;
      let done = false;
      const reading = (async (api: Api) => {
        while (!done) {
          const answer = await api.get(`/api/v1/tickets/${told.number}`).catch(() => ({ status: 0 }));
          reads++;
          if (answer.status !== 200) failed++;
        }
      })(told.people.olga);
      const { stdout } = await docket(stage, "rebuild").finally(() => (done = true));
      await reading;
      expect(stdout).toContain("byte for byte");
      expect(reads).toBeGreaterThan(0);
      expect(failed).toBe(0);
    },
    2 * minutes,
  );

  it(
    "ends the same with kill -9 of each process in turn at random moments",
    async () => {
      const crashing = await openStage(begin);
      const seed = Number(process.env["DOCKET_CRASH_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
      const random = generator(seed);
      const victims = ["gateway", "projector", "eventstore", "clockwork", "postgres", "notifier", "mailroom"];
      const crashes: Promise<void>[] = [];
      let turn = Math.floor(random() * victims.length);
      try {
        await tellStory({
          gateway: () => crashing.stack.urls.public,
          smtp: () => Number(new URL(crashing.stack.urls.smtp).port),
          sink: crashing.sink,
          supportAddress: crashing.supportAddress,
          setClock: crashing.setClock,
          settled: crashing.settled,
          sentence: () => {
            const victim = victims[turn++ % victims.length] ?? "gateway";
            const afterMs = random() * 400;
            crashes.push(
              new Promise((resolve) => setTimeout(resolve, afterMs)).then(() => crashing.stack.crash(victim)),
            );
          },
        });
        await Promise.all(crashes);
        expect(
          new Set(
            [...crashing.stack.processes.values()].filter((process) => process.restarts > 0).map(({ name }) => name),
          ),
        ).toEqual(new Set(victims));
        const stormy = await eventually("all mails of the calm run", async () => {
          const outcome = await outcomeOf(crashing.stack.env(), crashing.sink.mails);
          return outcome.mails.length >= calm.mails.length ? outcome : null;
        });
        expect(stormy.streams, `crash seed ${seed}`).toEqual(calm.streams);
        expect(stormy.mails, `crash seed ${seed}`).toEqual(calm.mails);
        const { stdout } = await docket(crashing, "rebuild");
        expect(stdout).toContain("byte for byte");
      } catch (error) {
        throw new Error(
          `with crash seed ${seed} (DOCKET_CRASH_SEED repeats it): ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        );
      } finally {
        await Promise.allSettled(crashes);
        await crashing.close();
      }
    },
    6 * minutes,
  );
});

/** A small seeded generator (mulberry32), so that a failing run can be told again. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
