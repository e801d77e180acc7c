export { type Clock, type ManualClock, manualClock, sleep, systemClock } from "./clock.ts";
export { CodedError, errorCode } from "./coded-error.ts";
export { commonSettings, loadConfig, setting } from "./config.ts";
export { clockFromConfig, fileClock, setFileClock } from "./file-clock.ts";
export { createHealth, type Health, type HealthCheck, type HealthReport } from "./health.ts";
export { createLogger, type Logger, type LoggerOptions } from "./logger.ts";
export { addMetrics, Counter, Gauge, Histogram, metricsRegistry, metricsText, Registry } from "./metrics.ts";
export { type BackoffOptions, backoffMs, retry, type RetryOptions } from "./retry.ts";
export {
  followSupervisor,
  onStopSignal,
  type ReadyDetails,
  runService,
  type ServiceContext,
  type ServiceMessage,
} from "./service.ts";
export { productVersion } from "./version.ts";
