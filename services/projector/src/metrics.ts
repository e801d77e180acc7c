import type { ProjectorStatus } from "@docket/projection-engine";
import { Counter, Gauge, metricsRegistry } from "@docket/service-kit";

const registers = [metricsRegistry];
const states = ["standing_by", "preparing", "following", "stuck", "stopped"] as const;

const state = new Gauge({
  name: "docket_projector_state",
  help: "1 for the state that the projector is in",
  labelNames: ["state"],
  registers,
});
const position = new Gauge({
  name: "docket_projector_position",
  help: "Log position that all read models hold",
  registers,
});
const behind = new Gauge({
  name: "docket_projector_behind_bytes",
  help: "What the store has handed over beyond that position",
  registers,
});
const live = new Gauge({ name: "docket_projector_live", help: "1 when the end of the log was reached", registers });
const parked = new Gauge({
  name: "docket_projector_parked_streams",
  help: "Streams whose events wait for a fix and unpark",
  registers,
});
const epoch = new Gauge({
  name: "docket_projector_epoch",
  help: "Epoch of the lead; grows with every change of leader",
  registers,
});
const events = new Counter({
  name: "docket_projector_events_total",
  help: "Events written to the read models",
  registers,
});
const age = new Gauge({
  name: "docket_projector_last_event_seconds",
  help: "When the last written event was recorded, seconds since 1970",
  registers,
});

let counted = 0;

/** Shows in the metrics what the projector is doing. */
export function showStatus(status: ProjectorStatus): void {
  for (const name of states) state.set({ state: name }, status.state === name ? 1 : 0);
  position.set(status.position.commit);
  behind.set(Math.max(0, status.received.commit - status.position.commit));
  live.set(status.live ? 1 : 0);
  parked.set(status.parked);
  epoch.set(status.epoch);
  if (status.lastRecordedMs !== null) age.set(status.lastRecordedMs / 1_000);
  events.inc(status.events - counted);
  counted = status.events;
}
