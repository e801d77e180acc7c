import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Health, HealthReport } from "./health.ts";
import { metricsRegistry, metricsText } from "./metrics.ts";

export interface OpsServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * A small HTTP server for services that have no other: GET /health/live, /health/ready (200, or 503 with what fails)
 * and /metrics (Prometheus text). Port 0 takes a free one; it listens on `host` (default this machine only).
 */
export async function startOpsServer(options: {
  readonly port: number;
  readonly health: Health;
  readonly host?: string;
}): Promise<OpsServer> {
  const { health } = options;
  const server = createServer((request, response) => {
    const path = request.url?.split("?")[0];
    const answer =
      path === "/health/live"
        ? health.live().then((report) => sendReport(response, report))
        : path === "/health/ready"
          ? health.ready().then((report) => sendReport(response, report))
          : path === "/metrics"
            ? metricsText().then((text) => send(response, 200, metricsRegistry.contentType, text))
            : Promise.resolve(send(response, 404, "text/plain", "not found\n"));
    answer.catch((error: unknown) => send(response, 500, "text/plain", `${String(error)}\n`));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host ?? "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function sendReport(response: ServerResponse, report: HealthReport): void {
  send(response, report.status === "ok" ? 200 : 503, "application/json", JSON.stringify(report));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
}
