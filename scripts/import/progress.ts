import type { ImportProgress } from "@docket/import";

/** Writes an import's progress: one line that moves on a terminal, a line now and then elsewhere. */
export function progressLine(out: NodeJS.WriteStream | undefined): {
  show(progress: ImportProgress): void;
  end(): void;
} {
  let shown = 0;
  let phase = "";
  let began = 0;
  let begunAt = 0;
  let open = false;
  const show = (progress: ImportProgress): void => {
    if (out === undefined) return;
    const now = performance.now();
    if (progress.phase !== phase) {
      phase = progress.phase;
      began = now;
      begunAt = progress.done;
      shown = 0;
    }
    const last = progress.done >= progress.of;
    if (!last && now - shown < (out.isTTY ? 200 : 5_000)) return;
    shown = now;
    const line = lineOf(progress, (now - began) / 1000, begunAt);
    out.write(out.isTTY ? `\r${line}\u001b[K` : `${line}\n`);
    open = out.isTTY;
  };
  return {
    show,
    end() {
      if (open) out?.write("\n");
      open = false;
    },
  };
}

const what = { staging: "reading", naming: "names", telling: "tickets", done: "tickets" } as const;

function lineOf({ phase, done, of, rows, events }: ImportProgress, seconds: number, begunAt: number): string {
  const rate = seconds > 0.5 ? (done - begunAt) / seconds : 0;
  const left = rate > 0 ? Math.round((of - done) / rate) : undefined;
  const share = of === 0 ? 100 : Math.floor((done / of) * 100);
  const parts = [
    phase === "staging" ? `${what[phase]}: ${share} %, ${rows} rows` : `${what[phase]}: ${done} of ${of} (${share} %)`,
    ...(phase === "telling" || phase === "done" ? [`${events} events`] : []),
    ...(rate > 0 && phase === "telling" ? [`${Math.round(rate)} tickets/s`] : []),
    ...(left === undefined || done >= of ? [] : [`${clock(left)} left`]),
  ];
  return parts.join(", ");
}

const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
