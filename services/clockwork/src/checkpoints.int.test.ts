import { checkpoints, makeCheckpoint } from "@docket/audit";
import { newSigningKey, signingKeyOf } from "@docket/evidence";
import { createLogger } from "@docket/service-kit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { metaOf, people, startWorks, type Works } from "../test/works.ts";
import { keepCheckpoints } from "./checkpoints.ts";
import type { Parts } from "./parts.ts";

let works: Works;
beforeAll(async () => {
  works = await startWorks("2024-04-22T06:00:00.000Z");
});
afterAll(() => works.stop());

it("signs at once, then at its intervals by the Clock, and only when something was recorded; a failure is tried again", async () => {
  const { store } = works.office;
  const keys = [signingKeyOf(newSigningKey())];
  let failing = false;
  const errors: unknown[] = [];
  const parts = {
    pool: works.database.pool,
    store: {
      ...store,
      readAll: (...options: Parameters<typeof store.readAll>) => {
        if (failing) throw new Error("away");
        return store.readAll(...options);
      },
    },
    clock: works.clock,
    logger: createLogger("clockwork"),
    checkpoints: { keys: () => keys, everyMs: 3_600_000 },
  } as unknown as Parts;
  const stop = new AbortController();
  const keeping = keepCheckpoints(parts, stop.signal, (error) => errors.push(error));
  const times = async () => (await checkpoints(store)).map(({ data }) => data.at);
  const record = async () => {
    const staffId = "olga";
    await works.office.ok(
      { type: "ChangeStaffAvailability", data: { staffId, available: false, reason: null } } as never,
      metaOf({ actor: people.boss }),
    );
    await works.office.ok(
      { type: "ChangeStaffAvailability", data: { staffId, available: true, reason: null } } as never,
      metaOf({ actor: people.boss }),
    );
  };
  await expect.poll(times).toEqual(["2024-04-22T06:00:00.000Z"]);
  await expect.poll(() => errors.length).toBe(1);
  await record();
  works.clock.advanceBy(3_599_000);
  works.clock.advanceBy(1_000);
  await expect.poll(times).toEqual(["2024-04-22T06:00:00.000Z", "2024-04-22T07:00:00.000Z"]);
  await expect.poll(() => errors.length).toBe(2);
  // an hour in which nothing happens
  works.clock.advanceBy(3_600_000);
  await expect.poll(() => errors.length).toBe(3);
  expect(await times()).toHaveLength(2);
  failing = true;
  await record();
  works.clock.advanceBy(3_600_000);
  await expect.poll(() => errors.some((error) => error !== undefined)).toBe(true);
  failing = false;
  await expect.poll(times).toHaveLength(3);
  stop.abort();
  await keeping.catch(() => undefined);
  expect(await makeCheckpoint({ ...parts, keys })).toMatchObject({ made: false });
});
