import type { TicketStatus } from "../src/index.ts";

/**
 * A ticket's rules told a second time, as simply as they can be: on a calendar that never rests, so that working time is
 * time and a clock is a sum of differences. It shares no code with the deciders. Times are milliseconds since midnight UTC of
 * the day on which every story begins.
 */

export const MINUTE = 60_000;
export const DAY = 1_440 * MINUTE;
const CHAIN = {
  resolution: [
    ["warn", 1, 0.8, 0],
    ["manager", 2, 1, 0],
    ["move", 3, 1, 60 * MINUTE],
  ] as const,
  reaction: [["warn", 1, 1, -10 * MINUTE]] as const,
};
/** reaction and resolution in minutes */
export const targetsOf = { high: [30, 240], medium: [60, 480], low: [240, 1_440] } as const;
const OLA: Readonly<Record<number, number | undefined>> = { 2: 30 * MINUTE, 3: 60 * MINUTE };
export const groups: Readonly<Record<string, { line: 1 | 2 | 3; members: readonly string[] }>> = {
  l1: { line: 1, members: ["olga"] },
  net: { line: 2, members: ["ivan", "petr"] },
  l3: { line: 3, members: ["elena"] },
  alarm: { line: 3, members: ["elena", "maria"] },
};

export interface ModelClock {
  readonly name: string;
  readonly kind: "reaction" | "resolution" | "ola";
  readonly line: number | null;
  readonly cycle: number;
  startedAt: number;
  target: number;
  extended: boolean;
  /** stretches that counted, of all cycles */
  counted: [number, number | null][];
  missed: boolean;
  open: boolean;
  /** when something last changed it: what falls due before that is due then */
  touched: number;
}

export interface Model {
  status: TicketStatus | null;
  priority: keyof typeof targetsOf;
  classified: boolean;
  group: string | null;
  engineer: string | null;
  clocks: ModelClock[];
  fired: string[];
  cycle: number;
  resolvedAt: number;
  last: number;
  proposals: number;
}

export type Told = [type: string, at: number];

export const start = (): Model => ({
  status: null,
  priority: "high",
  classified: false,
  group: null,
  engineer: null,
  clocks: [],
  fired: [],
  cycle: 1,
  resolvedAt: 0,
  last: 0,
  proposals: 0,
});

export type Step =
  | {
      do:
        | "register"
        | "accept"
        | "ask"
        | "answer"
        | "message"
        | "propose"
        | "approve"
        | "refuse"
        | "resolve"
        | "return"
        | "confirm"
        | "withdraw"
        | "duplicate"
        | "comment"
        | "workaround";
      by: string;
    }
  | { do: "classify"; by: string; priority: keyof typeof targetsOf }
  | { do: "assign" | "handOver"; by: string; group: string; engineer: string | null }
  | { do: "extend"; by: string; to: number };

/** When so much time had counted on a clock; null when that lies beyond an open end. */
function whenCounted(clock: ModelClock, amount: number): number | null {
  let left = amount;
  for (const [from, to] of clock.counted) {
    if (to === null || left <= to - from) return from + left;
    left -= to - from;
  }
  return null;
}

export function used(clock: ModelClock, at: number): number {
  return clock.counted.reduce((sum, [from, to]) => sum + (to ?? Math.max(at, from)) - from, 0);
}

export const ticks = (clock: ModelClock): boolean => clock.open && clock.counted.at(-1)![1] === null;

export interface Due {
  readonly key: string;
  readonly at: number;
  readonly tell: (model: Model) => Told;
}

/** Everything that waits for its time, in order. */
export function due(model: Model): Due[] {
  const list: (Due & { true: number; rank: number })[] = [];
  for (const clock of model.clocks.filter(ticks)) {
    const add = (key: string, exact: number | null, rank: number, tell: Due["tell"]) => {
      if (exact === null || model.fired.includes(key)) return;
      const isStep = !key.endsWith(":miss");
      if (isStep && clock.cycle > 1 && clock.kind === "resolution" && exact < clock.startedAt) return;
      list.push({ key, at: Math.max(exact, clock.touched), true: exact, rank, tell });
    };
    for (const [action, level, share, extra] of clock.kind === "ola" ? [] : CHAIN[clock.kind]) {
      const key = `${clock.name}:step:${level}`;
      const exact = whenCounted(clock, Math.max(0, Math.round(clock.target * share) + extra));
      const at = exact === null ? 0 : Math.max(exact, clock.touched);
      add(key, exact, action === "warn" ? 0 : 2, (next) => {
        next.fired.push(key);
        if (action === "move") moveToAlarm(next, at);
        return [action === "warn" ? "TicketDeadlineWarned" : "TicketEscalated", at];
      });
    }
    if (!clock.missed) {
      const exact = whenCounted(clock, clock.target);
      const at = exact === null ? 0 : Math.max(exact, clock.touched);
      add(`${clock.name}:miss`, exact, 1, (next) => {
        next.fired.push(`${clock.name}:miss`);
        const same = next.clocks.find((entry) => entry.name === clock.name)!;
        same.missed = true;
        same.touched = at;
        next.last = at;
        return ["TicketDeadlineMissed", at];
      });
    }
  }
  list.sort((a, b) => a.at - b.at);
  // Moments of one clock on one instant keep the order of what they are; between clocks the older one speaks first.
  const order = (entry: (typeof list)[number]) =>
    model.clocks.findIndex((clock) => entry.key.startsWith(`${clock.name}:`));
  list.sort((a, b) => a.at - b.at || order(a) - order(b) || a.true - b.true || a.rank - b.rank);
  return [...list, ...confirmation(model)].sort((a, b) => a.at - b.at);
}

function confirmation(model: Model): Due[] {
  if (model.status !== "result_confirmation") return [];
  const midnight = Math.floor(model.resolvedAt / DAY) * DAY;
  const reminders = [2, 4].map((n, i): Due => {
    const at = midnight + n * DAY + 540 * MINUTE;
    const key = `reminder:${model.cycle}:${i + 1}`;
    return { key, at, tell: (next) => (next.fired.push(key), ["TicketReminded", at]) };
  });
  const close: Due = {
    key: `auto_close:${model.cycle}`,
    at: midnight + 6 * DAY,
    tell: (next) => {
      next.status = "closed";
      next.last = midnight + 6 * DAY;
      return ["TicketAutoClosed", next.last];
    },
  };
  return [...reminders.filter((entry) => !model.fired.includes(entry.key)), close];
}

/** States what was due until `until`; changes the model, gives what was told. */
export function passTime(model: Model, until: number, including = true): Told[] {
  const told: Told[] = [];
  for (;;) {
    const next = due(model)[0];
    if (!next || next.at > until || (next.at === until && !including)) return told;
    told.push(next.tell(model));
  }
}

const clockOf = (model: Model, kind: ModelClock["kind"], line: number | null = null) =>
  model.clocks.find((clock) => clock.open && clock.kind === kind && clock.line === line);

function end(clock: ModelClock | undefined, at: number): void {
  if (!clock) return;
  hold(clock, at);
  clock.open = false;
}

function hold(clock: ModelClock, at: number): void {
  const last = clock.counted.at(-1)!;
  last[1] ??= at;
  clock.touched = at;
}

function open(
  model: Model,
  kind: ModelClock["kind"],
  line: number | null,
  cycle: number,
  target: number,
  at: number,
  carried?: ModelClock,
): void {
  const name = `${kind}${line === null ? "" : `.${line}`}:${cycle}`;
  const counted: ModelClock["counted"] = [
    ...(carried?.counted.map(([from, to]): [number, number | null] => [from, to]) ?? []),
    [at, null],
  ];
  const { extended = false, missed = false } = carried ?? {};
  model.clocks.push({
    name,
    kind,
    line,
    cycle,
    startedAt: at,
    target: carried?.target ?? target,
    extended,
    counted,
    missed,
    open: true,
    touched: at,
  });
}

function arrive(model: Model, group: string, engineer: string | null, at: number): void {
  const from = model.group === null ? null : groups[model.group]!.line;
  const to = groups[group]!.line;
  if (from !== to) {
    if (from !== null) end(clockOf(model, "ola", from), at);
    const target = OLA[to];
    if (target !== undefined)
      open(
        model,
        "ola",
        to,
        1 + model.clocks.filter((clock) => clock.kind === "ola" && clock.line === to).length,
        target,
        at,
      );
  }
  Object.assign(model, { status: "assigned", group, engineer, last: at });
}

function moveToAlarm(model: Model, at: number): void {
  const waits = model.status === "waiting_customer" || model.status === "waiting_approval";
  if (!waits && model.group !== "alarm") arrive(model, "alarm", null, at);
}

const customers = ["anna"];

/** Does a step at its time. Changes the model and gives the fact's type, or null where the rules refuse it. */
export function perform(model: Model, step: Step, at: number): string | null {
  if (step.do === "register") return customers.includes(step.by) ? null : register(model, at);
  if (model.status === null || model.status === "closed") return null;
  const isCustomer = customers.includes(step.by);
  const { status } = model;
  const inWork = status === "in_work";
  const done = (next: TicketStatus, type: string) => {
    Object.assign(model, { status: next, last: at });
    return type;
  };
  const closeAs = (type: string) => {
    for (const clock of model.clocks.filter((entry) => entry.open)) end(clock, at);
    return done("closed", type);
  };
  const resolution = clockOf(model, "resolution");
  switch (step.do) {
    case "classify": {
      if (isCustomer || status === "result_confirmation" || (model.classified && model.priority === step.priority))
        return null;
      Object.assign(model, { priority: step.priority, classified: true });
      for (const [i, kind] of (["reaction", "resolution"] as const).entries()) {
        const clock = clockOf(model, kind);
        if (!clock) continue;
        if (!clock.extended) clock.target = targetsOf[step.priority][i]! * MINUTE;
        clock.touched = at;
      }
      return done(status === "registered" ? "classified" : status, "TicketClassified");
    }
    case "assign":
    case "handOver": {
      const may = step.do === "assign" ? status === "classified" || status === "assigned" : inWork;
      if (isCustomer || !may || (model.group === step.group && model.engineer === step.engineer)) return null;
      if (step.engineer !== null && !groups[step.group]!.members.includes(step.engineer)) return null;
      arrive(model, step.group, step.engineer, at);
      return step.do === "assign" ? "TicketAssigned" : "TicketHandedOver";
    }
    case "accept": {
      if (
        status !== "assigned" ||
        (model.engineer ?? step.by) !== step.by ||
        !groups[model.group!]!.members.includes(step.by)
      )
        return null;
      end(clockOf(model, "reaction"), at);
      end(clockOf(model, "ola", groups[model.group!]!.line), at);
      if (!model.clocks.some((clock) => clock.kind === "resolution"))
        open(model, "resolution", null, 1, targetsOf[model.priority][1] * MINUTE, at);
      model.engineer = step.by;
      return done("in_work", "TicketAccepted");
    }
    case "ask":
    case "propose": {
      const asks = step.do === "ask";
      if (isCustomer || !inWork || (!asks && step.by === "olga")) return null;
      if (!asks) model.proposals++;
      hold(resolution!, at);
      return done(
        asks ? "waiting_customer" : "waiting_approval",
        asks ? "TicketCustomerAsked" : "TicketChangeProposed",
      );
    }
    case "answer":
      if (status !== "waiting_customer") return null;
      return resume("TicketCustomerAnswered");
    case "message":
      return status === "waiting_customer" ? resume("TicketCustomerAnswered") : "TicketMessageJoined";
    case "approve":
    case "refuse":
      if (status !== "waiting_approval") return null;
      return resume(step.do === "approve" ? "TicketChangeApproved" : "TicketChangeRefused");
    case "extend": {
      if (isCustomer || !resolution || step.to <= at) return null;
      const old = ticks(resolution)
        ? whenCounted(resolution, resolution.target)
        : at + resolution.target - used(resolution, at);
      const passed =
        old ?? whenCounted({ ...resolution, counted: [...resolution.counted, [at, null]] }, resolution.target)!;
      if (step.to <= passed) return null;
      Object.assign(resolution, { target: used(resolution, at) + step.to - at, extended: true, touched: at });
      model.last = at;
      return "TicketExtended";
    }
    case "resolve": {
      if (isCustomer || !inWork || !model.classified) return null;
      end(resolution, at);
      model.resolvedAt = at;
      return done("result_confirmation", "TicketResolved");
    }
    case "return": {
      if (status !== "result_confirmation" || !["anna", "olga", "maria"].includes(step.by)) return null;
      const before = model.clocks.findLast((clock) => clock.kind === "resolution")!;
      model.cycle++;
      open(model, "resolution", null, model.cycle, before.target, at, before);
      return done("in_work", "TicketReturned");
    }
    case "confirm":
      return status === "result_confirmation" && ["anna", "olga", "maria"].includes(step.by)
        ? closeAs("TicketConfirmed")
        : null;
    case "withdraw":
      return status !== "result_confirmation" && ["anna", "olga", "maria"].includes(step.by)
        ? closeAs("TicketWithdrawn")
        : null;
    case "duplicate":
      return status !== "result_confirmation" && !isCustomer ? closeAs("TicketMarkedDuplicate") : null;
    case "comment":
      return "TicketCommented";
    case "workaround":
      return isCustomer || model.group === null || status === "result_confirmation" ? null : "TicketWorkaroundGiven";
  }

  function resume(type: string): string {
    resolution!.counted.push([at, null]);
    resolution!.touched = at;
    return done("in_work", type);
  }
}

function register(model: Model, at: number): string | null {
  if (model.status !== null) return null;
  open(model, "reaction", null, 1, targetsOf.high[0] * MINUTE, at);
  Object.assign(model, { status: "registered", last: at });
  return "TicketRegistered";
}
