import { readFileSync } from "node:fs";
import { credentials as channelCredentials, type ChannelCredentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { GossipClient } from "@eventstore/db-client/generated/gossip_grpc_pb.js";
import { PersistentSubscriptionsClient } from "@eventstore/db-client/generated/persistent_grpc_pb.js";
import { ServerFeaturesClient } from "@eventstore/db-client/generated/serverfeatures_grpc_pb.js";
import { StreamsClient } from "@eventstore/db-client/generated/streams_grpc_pb.js";

/** Bare stubs on one channel each, for what the official client cannot say. */
export interface RawClient {
  readonly streams: StreamsClient;
  readonly persistent: PersistentSubscriptionsClient;
  readonly features: ServerFeaturesClient;
  readonly gossip: GossipClient;
  /** Metadata with the credentials of the connection string, when it has any. */
  metadata(): Metadata;
  close(): void;
}

/** Where a connection string points: what a bare connection needs of it. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly caFile: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** Reads host, port, TLS and credentials from a connection string (first host only; keys as the client matches them). */
export const parseTarget = (url: string): Target => {
  const parsed = new URL(url.replace(/^esdb(\+discover)?:/, "http:").replace(/,[^/?@]*/, ""));
  const settings = new Map(
    [...parsed.searchParams].map(([key, value]) => [key.toLowerCase().replaceAll(/[_-]/g, ""), value]),
  );
  return {
    host: parsed.hostname,
    port: Number(parsed.port || (url.includes(`${parsed.hostname}:80`) ? 80 : 2113)),
    tls: settings.get("tls") !== "false",
    caFile: settings.get("tlscafile"),
    user: parsed.username ? decodeURIComponent(parsed.username) : undefined,
    password: parsed.password ? decodeURIComponent(parsed.password) : undefined,
  };
};

/** Opens bare stubs to the server that a connection string names. */
export const openRaw = (url: string): RawClient => {
  const target = parseTarget(url);
  const address = `${target.host}:${target.port}`;
  const security: ChannelCredentials = target.tls
    ? channelCredentials.createSsl(target.caFile ? readFileSync(target.caFile) : null)
    : channelCredentials.createInsecure();
  const options = { "grpc.max_receive_message_length": 32 * 1024 * 1024, "grpc.use_local_subchannel_pool": 1 };
  const clients = {
    streams: new StreamsClient(address, security, options),
    persistent: new PersistentSubscriptionsClient(address, security, options),
    features: new ServerFeaturesClient(address, security, options),
    gossip: new GossipClient(address, security, options),
  };
  return {
    ...clients,
    metadata() {
      const metadata = new Metadata();
      if (target.user !== undefined) {
        metadata.set(
          "authorization",
          `Basic ${Buffer.from(`${target.user}:${target.password ?? ""}`).toString("base64")}`,
        );
      }
      return metadata;
    },
    close() {
      for (const client of Object.values(clients)) client.close();
    },
  };
};

/** Turns a callback-style unary call into a promise of its answer or its error. */
export const unary = <T>(start: (done: (error: ServiceError | null, answer?: T) => void) => unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    start((error, answer) => (error ? reject(error) : resolve(answer as T)));
  });
