import { collectDefaultMetrics, Registry } from "prom-client";

export { Counter, Gauge, Histogram, Registry } from "prom-client";

/** The process's metrics. Make each metric once, at module level, with `registers: [metricsRegistry]`. */
export const metricsRegistry = new Registry();

/** Adds the process's own figures (CPU, memory, event loop lag, collections) and labels every metric by service. */
export function startProcessMetrics(service: string): void {
  metricsRegistry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: metricsRegistry });
}
