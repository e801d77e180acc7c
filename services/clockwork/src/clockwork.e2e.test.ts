import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AnyCommand } from "@docket/domain";
import { setFileClock } from "@docket/service-kit";
import { childNodeFactory, type OwnNode } from "@docket/test-kit";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { on, registration } from "../../../packages/domain/test/service-centre.ts";
import { people, startWorks, type Works } from "../test/works.ts";

const program = fileURLToPath(new URL("./main.ts", import.meta.url));
const nodeProgram = fileURLToPath(new URL("../../../packages/embedded-eventstore/src/main.ts", import.meta.url));

let folder: string;
let clockFile: string;
let node: OwnNode;
let works: Works;
const children: (ChildProcess | undefined)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "docket-clockwork-"));
  clockFile = join(folder, "clock");
  setFileClock(clockFile, new Date("2024-04-22T06:00:00.000Z"));
  node = await childNodeFactory([process.execPath, nodeProgram])({});
  works = await startWorks("2024-04-22T06:00:00.000Z", { url: node.url, stop: () => node.dispose() });
});
afterAll(async () => {
  for (const child of children) child?.kill("SIGKILL");
  await works?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startProcess(slot: number): Promise<void> {
  const child = fork(program, [], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: {
      ...process.env,
      EVENTSTORE_URL: node.url,
      DATABASE_URL: works.database.url,
      DOCKET_CLOCK: `manual:${clockFile}`,
      LOG_LEVEL: "silent",
      OPS_PORT: "0",
    },
  });
  children[slot] = child;
  const [message] = (await once(child, "message")) as [{ type: string }];
  expect(message.type).toBe("ready");
}

function advanceTo(instant: string): void {
  works.clock.advanceTo(new Date(instant));
  setFileClock(clockFile, new Date(instant));
}

/** What befalls the processes between two moments of the story. */
type Blow =
  | { readonly what: "clockwork"; readonly slot: 0 | 1 }
  | { readonly what: "store" }
  | { readonly what: "postgres connections" };
const blow: fc.Arbitrary<Blow> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ what: fc.constant("clockwork" as const), slot: fc.constantFrom(0 as const, 1 as const) }),
  },
  { weight: 1, arbitrary: fc.constant({ what: "store" as const }) },
  { weight: 2, arbitrary: fc.constant({ what: "postgres connections" as const }) },
);

async function strike(each: Blow): Promise<void> {
  if (each.what === "clockwork") {
    const child = children[each.slot];
    if (child?.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    }
    await startProcess(each.slot);
  } else if (each.what === "store") {
    await node.kill();
    await node.restart();
  } else {
    await works.database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'docket clockwork%'",
    );
  }
}

// One working day and a bit of an incident that nobody solves, then solved, then five working days.
const moments = ["2024-04-22T09:12", "2024-04-22T10:00", "2024-04-22T11:00"];

it("two clockworks, killed with -9 at any moment: nothing twice, nothing left out", async () => {
  await Promise.all([startProcess(0), startProcess(1)]);
  const tickets = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const ticketId = randomUUID();
      const of = (command: AnyCommand): AnyCommand =>
        ({ ...command, data: { ...command.data, ticketId } }) as AnyCommand;
      const { stream } = await works.office.ok(of(registration()));
      await works.office.ok(of(on.classify()));
      await expect
        .poll(async () => (await works.factsOf(stream)).at(-1)?.type, { timeout: 20_000 })
        .toBe("TicketAssigned");
      const assigned = (await works.factsOf(stream)).at(-1);
      const engineerId = assigned?.type === "TicketAssigned" ? (assigned.data.engineerId ?? "") : "";
      await works.office.ok(of(on.accept()), { actor: { id: engineerId, role: "engineer" } });
      return { of, stream };
    }),
  );
  const blows = fc.sample(fc.array(blow, { minLength: 1, maxLength: 2 }), {
    numRuns: moments.length + 3,
    seed: Date.now(),
  });
  for (const [index, moment] of moments.entries()) {
    await works.projected();
    advanceTo(`${moment}:00.000Z`);
    for (const each of blows[index] ?? []) await strike(each);
  }
  const told = async (stream: string, from: number) =>
    (await works.factsOf(stream)).slice(from).map((fact) => `${fact.type} ${fact.meta.occurredAt}`);
  for (const { stream } of tickets) {
    await expect
      .poll(() => told(stream, 4), { timeout: 60_000 })
      .toEqual([
        "TicketDeadlineWarned 2024-04-22T09:12:00.000Z",
        "TicketDeadlineMissed 2024-04-22T10:00:00.000Z",
        "TicketEscalated 2024-04-22T10:00:00.000Z",
        "TicketEscalated 2024-04-22T11:00:00.000Z",
      ]);
  }
  advanceTo("2024-04-26T12:00:00.000Z");
  for (const { of } of tickets) {
    await works.office.ok(of(on.accept()), { actor: people.elena });
    await works.office.ok(of(on.resolve()), { actor: people.elena });
  }
  for (const [index, moment] of ["2024-05-02T06:00", "2024-05-06T06:00", "2024-05-08T00:00"].entries()) {
    await works.projected();
    advanceTo(`${moment}:00.000Z`);
    for (const each of blows[moments.length + index] ?? []) await strike(each);
  }
  for (const { stream } of tickets) {
    const ending = async () => (await told(stream, 8)).filter((line) => /Reminded|Closed/.test(line));
    await expect
      .poll(ending, { timeout: 60_000 })
      .toEqual([
        "TicketReminded 2024-05-02T06:00:00.000Z",
        "TicketReminded 2024-05-06T06:00:00.000Z",
        "TicketAutoClosed 2024-05-07T21:00:00.000Z",
      ]);
  }
  await works.verify();
  const stopped = children.map(async (child) => {
    if (child === undefined) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    expect(await gone).toEqual([0, null]);
  });
  await Promise.all(stopped);
});
