import { once } from "node:events";
import { END, EventStoreDBClient, streamNameFilter } from "@eventstore/db-client";
import { type WebSocket, WebSocketServer } from "ws";

// The yardstick of live frames, a process of its own: every event of a bare subscription goes to every open socket.

const client = EventStoreDBClient.connectionString(process.argv[2] as never);
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
await once(server, "listening");
const subscription = client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: ["bare-"] }) });
subscription.on("data", ({ event }) => {
  if (event === undefined) return;
  const text = JSON.stringify({ id: event.id, type: event.type, data: event.data });
  for (const socket of server.clients as Set<WebSocket>) socket.send(text);
});
await once(subscription, "confirmation");
const { port } = server.address() as { port: number };
process.send?.({ port });
process.once("disconnect", () => process.exit(0));
