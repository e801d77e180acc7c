import { createServer } from "node:net";

/** How many ports after the preferred one are tried before any free one is taken. */
const NEIGHBOURS = 20;

/** A TCP port on this machine where nobody listens: `preferred`, else one soon after it, else any. 0 asks for any. */
export async function choosePort(preferred: number, host = "127.0.0.1"): Promise<number> {
  for (let port = preferred; port > 0 && port <= Math.min(preferred + NEIGHBOURS, 65_535); port++) {
    if ((await tryListen(port, host)) !== undefined) return port;
  }
  return (await tryListen(0, host)) ?? preferred;
}

function tryListen(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : undefined));
    });
  });
}
