import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http2 from "node:http2";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import sharedPb from "@eventstore/db-client/generated/shared_pb.js";
import type { SupportedMethods } from "@eventstore/db-client/generated/serverfeatures_pb.js";
import type { ClusterInfo } from "@eventstore/db-client/generated/gossip_pb.js";
import { Client as BareClient, credentials, type ServiceError } from "@grpc/grpc-js";
import { parseTarget, unary } from "./raw.ts";
import { channelOf, collect, failure, numbered, openStreams, record, until } from "./support.ts";
import { type ConformanceCase, type ConformanceContext, must, should } from "./types.ts";

const streamsMethods = ["append", "batchappend", "delete", "read", "tombstone"];
const persistentMethods = ["create", "delete", "getinfo", "list", "read", "replayparked", "restartsubsystem", "update"];

const supportedMethods = async (ctx: ConformanceContext): Promise<SupportedMethods> => {
  const raw = ctx.raw();
  return unary<SupportedMethods>((done) =>
    raw.features.getSupportedMethods(new sharedPb.Empty(), raw.metadata(), done),
  );
};

const authority = (ctx: ConformanceContext): { address: string; settings: string; user: string } => {
  const target = parseTarget(ctx.url);
  const user =
    target.user === undefined ? "" : `${encodeURIComponent(target.user)}:${encodeURIComponent(target.password ?? "")}@`;
  const settings = target.tls
    ? target.caFile
      ? `tlsCAFile=${encodeURIComponent(target.caFile)}`
      : "tls=true"
    : "tls=false";
  return { address: `${target.host}:${target.port}`, settings, user };
};

/** Items 1-7: connection and capabilities. */
export const connectionCases: readonly ConformanceCase[] = [
  must(
    1,
    "given a fresh client, when the first append runs, then GetSupportedMethods is answered with version and lower-case method list",
    async (ctx) => {
      const supported = await supportedMethods(ctx);
      assert.match(supported.getEventStoreServerVersion(), /^\d+\.\d+\.\d+/);
      const byService = new Map<string, Map<string, string[]>>();
      for (const method of supported.getMethodsList()) {
        assert.equal(method.getMethodName(), method.getMethodName().toLowerCase());
        assert.equal(method.getServiceName(), method.getServiceName().toLowerCase());
        const methods = byService.get(method.getServiceName()) ?? new Map<string, string[]>();
        methods.set(method.getMethodName(), method.getFeaturesList());
        byService.set(method.getServiceName(), methods);
      }
      const streams = byService.get("event_store.client.streams.streams");
      assert.deepEqual([...(streams?.keys() ?? [])].sort(), streamsMethods);
      const persistent = byService.get("event_store.client.persistent_subscriptions.persistentsubscriptions");
      assert.deepEqual([...(persistent?.keys() ?? [])].sort(), persistentMethods);
      for (const features of persistent!.values()) assert.deepEqual([...features].sort(), ["all", "stream"]);
      const appended = await ctx.connect().appendToStream(ctx.name("features"), numbered(1));
      assert.equal(appended.success, true);
    },
  ),

  must(
    2,
    "given batchappend is listed and no per-call credentials, then append arrives as BatchAppend; with per-call credentials as Append",
    async (ctx) => {
      const target = parseTarget(ctx.url);
      const credentialsOfCall = { username: target.user ?? "admin", password: target.password ?? "changeit" };
      const stream = ctx.name("paths");
      const client = ctx.connect();
      await client.appendToStream(stream, numbered(2), { credentials: credentialsOfCall });
      assert.equal(openStreams(client), 0, "the classic append leaves no open call");
      const batched = await client.appendToStream(stream, numbered(2), { expectedRevision: 1n });
      assert.equal(batched.nextExpectedRevision, 3n);
      assert.equal(openStreams(client), 1, "the batch append keeps one shared call");
      assert.equal((await collect(client.readStream(stream))).length, 4);
    },
  ),

  must(
    3,
    "given tls=false with credentials configured, then calls succeed without an authorization header",
    async (ctx) => {
      let url = ctx.url;
      if (parseTarget(url).tls) url = (await ctx.freshNode()).url;
      const { host, port } = parseTarget(url);
      const client = ctx.connect({}, `esdb://somebody:secret@${host}:${port}?tls=false`);
      const stream = ctx.name("insecure");
      await client.appendToStream(stream, numbered(1));
      assert.equal((await collect(client.readStream(stream))).length, 1);
      assert.ok((await collect(client.readAll({ maxCount: 3 }))).length > 0);
    },
  ),

  should(
    4,
    "given esdb+discover:// or two hosts, when Gossip.Read is called, then one alive Leader member with a reachable endpoint is returned and the client connects to it",
    async (ctx) => {
      const raw = ctx.raw();
      const info = await unary<ClusterInfo>((done) => raw.gossip.read(new sharedPb.Empty(), raw.metadata(), done));
      const leaders = info.getMembersList().filter((member) => member.getIsAlive() && member.getState() === 8);
      assert.equal(leaders.length, 1);
      const endpoint = leaders[0]!.getHttpEndPoint()!;
      assert.ok(endpoint.getAddress().length > 0);
      assert.ok(endpoint.getPort() > 0);
      assert.ok(leaders[0]!.hasInstanceId());
      const { address, settings, user } = authority(ctx);
      for (const url of [
        `esdb+discover://${user}${address}?${settings}`,
        `esdb://${user}${address},${address}?${settings}`,
      ]) {
        const client = ctx.connect({}, url);
        const stream = ctx.name("gossip");
        await client.appendToStream(stream, numbered(1));
        assert.equal((await collect(client.readStream(stream))).length, 1);
        assert.equal((await channelOf(client)).getTarget(), `dns:${endpoint.getAddress()}:${endpoint.getPort()}`);
      }
    },
  ),

  must(
    5,
    "given an unimplemented service, when called, then UNIMPLEMENTED is returned and other calls keep working",
    async (ctx) => {
      const target = parseTarget(ctx.url);
      const security = target.tls
        ? credentials.createSsl(target.caFile ? readFileSync(target.caFile) : null)
        : credentials.createInsecure();
      const bare = new BareClient(`${target.host}:${target.port}`, security);
      ctx.defer(() => bare.close());
      const call = (path: string) =>
        failure(
          unary<Buffer>((done) =>
            bare.makeUnaryRequest(
              path,
              (b: Buffer) => b,
              (b: Buffer) => b,
              Buffer.alloc(0),
              done,
            ),
          ),
        );
      for (const path of [
        "/event_store.client.nowhere.Nowhere/Read",
        "/event_store.client.streams.Streams/NoSuchMethod",
      ]) {
        assert.equal(((await call(path)) as ServiceError).code, 12, path);
      }
      const stream = ctx.name("after-unimplemented");
      const client = ctx.connect();
      await client.listProjections().catch((error: { code?: number }) => assert.equal(error.code, 12));
      await client.appendToStream(stream, numbered(1));
      assert.equal((await collect(client.readStream(stream))).length, 1);
    },
  ),

  must(6, "given keep-alive pings on an idle connection, then the connection stays open", async (ctx) => {
    const target = parseTarget(ctx.url);
    const session = http2.connect(
      `${target.tls ? "https" : "http"}://${target.host}:${target.port}`,
      target.caFile ? { ca: readFileSync(target.caFile) } : {},
    );
    ctx.defer(() => session.destroy());
    const problems: unknown[] = [];
    session.on("error", (error) => problems.push(error));
    session.on("goaway", (code) => problems.push(`GOAWAY ${code}`));
    await new Promise((resolve) => session.once("connect", resolve));
    for (let ping = 0; ping < 40; ping += 1) {
      await new Promise<void>((resolve, reject) => session.ping((error) => (error ? reject(error) : resolve())));
    }
    assert.deepEqual(problems, []);
    assert.equal(session.closed, false);
    const client = ctx.connect({ keepAliveInterval: "10000", keepAliveTimeout: "2000" });
    const stream = ctx.name("kept-alive");
    await client.appendToStream(stream, numbered(1));
    const channel = await channelOf(client);
    await client.appendToStream(stream, numbered(1));
    assert.equal(await channelOf(client), channel);
  }),

  must(
    7,
    "given a client that was disposed, when it appends again, then it succeeds on a new batch stream; tracked streams go 5 -> 0 without error events",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("disposed");
      await ctx.client.appendToStream(stream, numbered(100));
      const errors: unknown[] = [];
      const readers = [
        client.readStream(stream),
        client.readStream(ctx.name("missing")),
        client.readAll({ maxCount: 10_000 }),
        client.subscribeToStream(stream),
        client.subscribeToAll(),
      ];
      const recordings = readers.map((reader) => record(reader));
      // Reads of existing streams end by themselves; the two subscriptions stay.
      await recordings[3]!.has(100);
      await recordings[4]!.confirmed();
      await client.appendToStream(stream, jsonEvent({ type: "more", data: {} }));
      await until("the subscriptions and the batch stream are tracked", () => openStreams(client) >= 3);
      await client.dispose();
      assert.equal(openStreams(client), 0);
      for (const recording of [recordings[0], recordings[2], recordings[3], recordings[4]])
        errors.push(recording?.error);
      assert.deepEqual(errors, [undefined, undefined, undefined, undefined]);
      await until("the subscriptions end", () => recordings[3]!.ended && recordings[4]!.ended);
      const again = await client.appendToStream(stream, numbered(1), { expectedRevision: 100n });
      assert.equal(again.nextExpectedRevision, 101n);
      assert.ok(client instanceof EventStoreDBClient);
    },
  ),
];
