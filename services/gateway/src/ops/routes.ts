import type { FastifyInstance, FastifyRequest } from "fastify";
import { Counter, Histogram, metricsRegistry, metricsText, type Health } from "@docket/service-kit";

const requestSeconds = new Histogram({
  name: "docket_http_request_seconds",
  help: "Time from a request's arrival to the end of its answer",
  labelNames: ["method", "route", "status"],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [metricsRegistry],
});
const refusals = new Counter({
  name: "docket_http_refusals_total",
  help: "Answers with an error code",
  labelNames: ["status"],
  registers: [metricsRegistry],
});

/** Health, readiness, metrics for whom `demandScraper` lets in, and one line in the log for every request. */
export function serveOps(
  app: FastifyInstance,
  health: Health,
  demandScraper: (request: FastifyRequest) => Promise<void>,
): void {
  for (const [path, report] of [
    ["/health/live", () => health.live()],
    ["/health/ready", () => health.ready()],
  ] as const) {
    app.get(path, { logLevel: "silent" }, async (_request, reply) => {
      const answer = await report();
      return reply.status(answer.status === "ok" ? 200 : 503).send(answer);
    });
  }
  app.get("/metrics", { logLevel: "silent", onRequest: demandScraper }, async (_request, reply) =>
    reply.type(metricsRegistry.contentType).send(await metricsText()),
  );

  app.addHook("onResponse", async (request, reply) => {
    const { method } = request;
    const route = request.routeOptions.url ?? "none";
    const status = String(reply.statusCode);
    requestSeconds.observe({ method, route, status }, reply.elapsedTime / 1000);
    if (reply.statusCode >= 400) refusals.inc({ status });
    // the path without its query: what people search for is nobody else's business
    const line = {
      method,
      path: request.url.split("?")[0],
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      account: request.principal?.accountId,
    };
    request.log.info(line, "request");
  });
}
