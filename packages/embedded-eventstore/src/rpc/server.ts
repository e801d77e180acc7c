import http2, {
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { Authenticator } from "./auth.ts";
import { type Call, type Handler, serveCall } from "./call.ts";
import { cancelledByShutdown, notReady, shuttingDown, toRpcError } from "./errors.ts";
import { encodeGrpcMessage, RpcError, Status } from "./status.ts";

/** The methods that a node serves, by path (`/package.Service/Method`). */
export type HandlerTable = Map<string, Handler>;

/** Adds the methods of one service to a table. */
export function registerService(
  table: HandlerTable,
  service: string,
  methods: Readonly<Record<string, Handler>>,
): void {
  for (const [name, handler] of Object.entries(methods)) table.set(`/${service}/${name}`, handler);
}

export type RpcServerOptions = {
  host: string;
  port: number;
  tls: { cert: string | Buffer; key: string | Buffer } | undefined;
  auth: Authenticator;
  handlers: HandlerTable;
  /** Paths of methods that are answered whoever asks, whatever the credentials. */
  publicPaths: ReadonlySet<string>;
};

export type RpcServer = {
  port: number;
  /** Refuses new calls from now on: they get UNAVAILABLE. */
  refuse(): void;
  /** Ends all open calls (CANCELLED when they were answering, else UNAVAILABLE), says goodbye on every connection and closes. Resolves when the port is free. */
  close(graceMs: number): Promise<void>;
};

const STREAM_WINDOW = 4 * 1024 * 1024;
const SESSION_WINDOW = 32 * 1024 * 1024;

/**
 * A gRPC server straight on node:http2: gRPC needs little beyond HTTP/2, and writing many messages with one call
 * is what makes reads fast. Listens before it resolves; rejects with the socket's error (EADDRINUSE, EACCES).
 */
export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<Socket>();
  const calls = new Map<Call, ServerHttp2Stream>();
  let refusing = false;
  const settings = {
    settings: { initialWindowSize: STREAM_WINDOW, maxConcurrentStreams: 2 ** 31 - 1 },
    maxSessionMemory: 1024,
    // A busy client opens and cancels many streams; the default limits are made for public web servers.
    streamResetBurst: 1_000_000,
    streamResetRate: 100_000,
  };
  const server: Http2Server | Http2SecureServer = options.tls
    ? http2.createSecureServer({ ...settings, cert: options.tls.cert, key: options.tls.key })
    : http2.createServer(settings);
  server.on("connection", (socket: Socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("session", (session) => {
    sessions.add(session);
    session.setLocalWindowSize(SESSION_WINDOW);
    session.on("error", () => session.destroy());
    session.on("close", () => sessions.delete(session));
  });
  server.on("sessionError", () => {});
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", () => {});
    const served = accept(stream, headers);
    if (!served) return;
    calls.set(served, stream);
    stream.on("close", () => calls.delete(served));
  });

  function accept(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Call | undefined {
    const contentType = headers["content-type"] ?? "";
    if (headers[":method"] !== "POST" || !contentType.startsWith("application/grpc")) {
      stream.respond({ ":status": 415 }, { endStream: true });
      stream.resume();
      return undefined;
    }
    try {
      if (refusing) throw notReady();
      const handler = options.handlers.get(String(headers[":path"]));
      if (!handler) throw unimplemented(String(headers[":path"]));
      const user = options.publicPaths.has(String(headers[":path"]))
        ? undefined
        : options.auth.authenticate(headers.authorization);
      return serveCall(stream, headers, user, handler);
    } catch (error) {
      refuseCall(stream, toRpcError(error));
      return undefined;
    }
  }

  function unimplemented(path: string): RpcError {
    const service = path.slice(0, path.lastIndexOf("/") + 1);
    const known = [...options.handlers.keys()].some((served) => served.startsWith(service));
    return new RpcError(Status.unimplemented, known ? "Method is unimplemented." : "Service is unimplemented.");
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", () => {});
  return {
    port: (server.address() as AddressInfo).port,
    refuse() {
      refusing = true;
    },
    async close(graceMs) {
      refusing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const call of calls.keys()) call.fail(call.started ? cancelledByShutdown() : shuttingDown());
      for (const session of sessions) session.close();
      // A reader that takes nothing gets no status either. A reset passes what waits, and with CANCEL the client knows to reconnect.
      const reset = setTimeout(() => {
        for (const stream of calls.values()) stream.close(http2.constants.NGHTTP2_CANCEL);
      }, graceMs / 2);
      const cut = setTimeout(() => {
        for (const session of sessions) session.destroy();
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(reset);
      clearTimeout(cut);
    },
  };
}

function refuseCall(stream: ServerHttp2Stream, error: RpcError): void {
  stream.respond(
    {
      ":status": 200,
      "content-type": "application/grpc",
      ...error.trailers,
      "grpc-status": String(error.code),
      "grpc-message": encodeGrpcMessage(error.message),
    },
    { endStream: true },
  );
  stream.resume();
  stream.on("end", () => stream.destroyed || stream.close(0));
  // A stream that never half-closes must not stay open for ever.
  setImmediate(() => stream.destroyed || stream.close(0));
}
