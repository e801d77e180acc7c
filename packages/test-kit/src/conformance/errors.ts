import assert from "node:assert/strict";
import {
  AccessDeniedError,
  CancelledError,
  PersistentSubscriptionDoesNotExistError,
  StreamDeletedError,
  StreamNotFoundError,
  UnavailableError,
  WrongExpectedVersionError,
} from "@eventstore/db-client";
import {
  channelOf,
  collect,
  failsWith,
  failure,
  fill,
  inTime,
  numbered,
  openStreams,
  record,
  revisionsOf,
  until,
} from "./support.ts";
import { type ConformanceCase, must, should } from "./types.ts";

const lost = (error: Error | undefined): boolean =>
  error instanceof CancelledError ||
  error instanceof UnavailableError ||
  (error as { code?: number } | undefined)?.code === 14;

/** Items 83-87: errors, shutdown, restart. */
export const errorCases: readonly ConformanceCase[] = [
  must(
    83,
    "given server kill, then in-flight reads/subscriptions/batch appends reject with CancelledError or UnavailableError, none hangs",
    async (ctx) => {
      const node = await ctx.freshNode();
      const client = ctx.connect({}, node.url);
      const appender = ctx.connect({}, node.url);
      await fill(client, "big", 20_000);
      const read = client.readStream("big");
      const readOutcome = record(read);
      await readOutcome.has(1);
      read.pause();
      const subscriptions = [
        record(client.subscribeToStream("big", { fromRevision: "end" })),
        record(client.subscribeToAll({ fromPosition: "end" })),
      ];
      for (const one of subscriptions) await one.live();
      const pending: Promise<unknown>[] = [];
      for (let index = 0; index < 500; index += 1) pending.push(appender.appendToStream(`s-${index % 7}`, numbered(5)));
      await pending[0];
      await node.kill();
      const rest = await inTime("every append settles", Promise.allSettled(pending));
      for (const outcome of rest)
        if (outcome.status === "rejected") assert.ok(lost(outcome.reason), String(outcome.reason));
      for (const one of subscriptions) assert.ok(lost(await one.failed()), String(one.error));
      read.resume();
      await until("the read settles", () => readOutcome.error !== undefined || readOutcome.ended);
      assert.ok(lost(readOutcome.error), String(readOutcome.error));
      assert.ok(
        lost(await failure(inTime("an append to a dead server settles", appender.appendToStream("s", numbered(1))))),
      );
      assert.equal(openStreams(client), 0);
    },
    { needs: "control", timeoutMs: 60_000 },
  ),

  must(
    84,
    "given server restart on the same port, then the next call of the same client object succeeds and all acknowledged events are there",
    async (ctx) => {
      const node = await ctx.freshNode();
      const client = ctx.connect({}, node.url);
      const acknowledged = new Map<string, bigint>();
      for (const way of ["kill", "stop"] as const) {
        let running = true;
        const writers = Array.from({ length: 8 }, async (_, index) => {
          const stream = `durable-${index}`;
          while (running) {
            const result = await client.appendToStream(stream, numbered(1)).catch(() => undefined);
            if (!result) return;
            acknowledged.set(stream, result.nextExpectedRevision);
          }
        });
        await until(
          "plenty of acknowledged events",
          () => [...acknowledged.values()].every((last) => last > 20n) && acknowledged.size === 8,
        );
        if (way === "stop") running = false;
        if (way === "stop") await inTime("the writers stop", Promise.all(writers));
        await node[way]();
        running = false;
        await inTime("the writers stop", Promise.all(writers));
        await failure(inTime("a call to a dead server settles", collect(client.readStream("durable-0")), 20_000));
        await node.restart();
        for (const [stream, last] of acknowledged) {
          const events = await collect(client.readStream(stream));
          assert.ok(BigInt(events.length) > last, `${stream}: ${events.length} events, ${last} acknowledged`);
          assert.deepEqual(
            revisionsOf(events),
            events.map((_, index) => BigInt(index)),
          );
          acknowledged.set(stream, BigInt(events.length - 1));
        }
        const again = await client.appendToStream("durable-0", numbered(1), {
          expectedRevision: acknowledged.get("durable-0")!,
        });
        assert.equal(again.success, true);
        acknowledged.set("durable-0", again.nextExpectedRevision);
      }
    },
    { needs: "control", timeoutMs: 60_000 },
  ),

  must(
    85,
    "given non-ASCII stream names, when an error with trailers is due, then the client gets the right error class and the server does not crash",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("поток-заявок-🎫");
      await failsWith(client.deleteStream(stream), WrongExpectedVersionError);
      await failsWith(client.tombstoneStream(stream, { expectedRevision: 3n }), WrongExpectedVersionError);
      const missing = await failsWith(collect(client.readStream(stream)), StreamNotFoundError);
      assert.equal(missing.streamName, stream);
      await failsWith(
        client.getPersistentSubscriptionToStreamInfo(stream, "группа"),
        PersistentSubscriptionDoesNotExistError,
      );
      await client.tombstoneStream(stream);
      await failsWith(collect(client.readStream(stream)), StreamDeletedError);
      await failsWith(
        client.appendToStream(stream, numbered(1), { credentials: { username: "admin", password: "changeit" } }),
        StreamDeletedError,
      );
      const batch = await failsWith(client.appendToStream(stream, numbered(1)), StreamDeletedError);
      assert.equal(batch.streamName, stream);
      assert.ok((await record(client.subscribeToStream(stream)).failed()) instanceof StreamDeletedError);
      await client.appendToStream(ctx.name("still-alive"), numbered(1));
    },
  ),

  should(
    86,
    "given wrong basic credentials over TLS, then AccessDeniedError (UNAUTHENTICATED)",
    async (ctx) => {
      const node = await ctx.freshNode({ tls: true });
      const url = (user: string) => node.url.replace("esdb://", `esdb://${user}`);
      const good = ctx.connect({}, url("admin:changeit@"));
      await good.appendToStream("secured", numbered(2));
      assert.equal((await collect(good.readStream("secured"))).length, 2);
      for (const user of ["admin:wrong@", "AzureDiamond:hunter2@"]) {
        const bad = ctx.connect({}, url(user));
        const attempts = [
          () => collect(bad.readStream("secured")),
          () => bad.deleteStream("secured"),
          () => bad.appendToStream("secured", numbered(1)),
          () =>
            good.appendToStream("secured", numbered(1), {
              credentials: { username: "AzureDiamond", password: "hunter2" },
            }),
          () => collect(bad.readAll()),
        ];
        for (const attempt of attempts) {
          const error = await failsWith<Error & { code?: number }>(attempt(), AccessDeniedError);
          assert.equal(error.code, 16, "UNAUTHENTICATED");
        }
      }
      assert.equal((await collect(good.readStream("secured"))).length, 2);
    },
    { needs: "tls" },
  ),

  must(
    87,
    "given StreamNotFound/WEV errors, then the client keeps its channel (no UNAVAILABLE/CANCELLED used for them)",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("channel");
      await client.appendToStream(stream, numbered(1));
      const channel = await channelOf(client);
      await failsWith(collect(client.readStream(ctx.name("missing"))), StreamNotFoundError);
      await failsWith(client.deleteStream(ctx.name("missing")), WrongExpectedVersionError);
      await failsWith(client.appendToStream(stream, numbered(1), { expectedRevision: 9n }), WrongExpectedVersionError);
      await failsWith(
        client.getPersistentSubscriptionToStreamInfo(stream, "nobody"),
        PersistentSubscriptionDoesNotExistError,
      );
      assert.equal(await channelOf(client), channel);
      assert.equal(
        (await client.appendToStream(stream, numbered(1), { expectedRevision: 0n })).nextExpectedRevision,
        1n,
      );
    },
  ),
];
