import { collectDefaultMetrics, Registry } from "prom-client";

export { Counter, Gauge, Histogram, Registry } from "prom-client";

/** The process's metrics. Make each metric once, at module level, with `registers: [metricsRegistry]`. */
export const metricsRegistry = new Registry();

/** Adds the process's own figures (CPU, memory, event loop lag, collections) and labels every metric by service. */
export function startProcessMetrics(service: string): void {
  metricsRegistry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: metricsRegistry });
}

const others = new Set<() => Promise<string>>();

/** Adds what `text` gives (Prometheus text) to every answer of this process's metrics, until what is given back is called. */
export function addMetrics(text: () => Promise<string>): () => void {
  others.add(text);
  return () => void others.delete(text);
}

/** All metrics of this process as Prometheus text. */
export const metricsText = async (): Promise<string> =>
  (await Promise.all([metricsRegistry.metrics(), ...[...others].map((text) => text())])).join("");
