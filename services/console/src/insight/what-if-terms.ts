import type { Contract } from "@docket/domain";
import { isTarget } from "../text/target.ts";

type Waits = "customer" | "approval";
export const waits: readonly Waits[] = ["customer", "approval"];
export const clockKinds = ["reaction", "resolution", "ola"] as const;
export const promises = ["reaction", "resolution"] as const;
export const bases = ["registeredAt", "resolvedAt", "closedAt"] as const;
type Promised = Readonly<Record<(typeof promises)[number], string>>;

/** What would be otherwise, as it stands in the address. What is not said stays as it was recorded. */
export interface OtherTerms {
  /** `own`: what is said below; `contract@version`: a contract's version for everybody; null: as recorded */
  readonly policy: string | null;
  /** by `type.priority`; an empty text stays as recorded */
  readonly targets: Readonly<Record<string, Promised>>;
  /** by line */
  readonly ola: Readonly<Record<string, string>>;
  readonly pauses: Readonly<Record<Waits, "stops" | "runs" | null>>;
  /** a calendar, all its versions by their times, or `calendar@version`: that one for all time; null: as recorded */
  readonly calendar: string | null;
  readonly clocks: readonly string[];
  /** which moment of a ticket has to lie in the period */
  readonly by: (typeof bases)[number];
}

type Words = Readonly<Record<string, string | undefined>>;

const list = (said: string | undefined): string[] => (said === undefined || said === "" ? [] : said.split(","));

/** The terms that an address says. */
export function termsIn(words: Words): OtherTerms {
  const pauses = new Map(list(words["pauses"]).map((one) => one.split(".") as [string, string]));
  const pause = (of: Waits): "stops" | "runs" | null => {
    const said = pauses.get(of);
    return said === "stops" || said === "runs" ? said : null;
  };
  const clocks = list(words["clocks"]).filter((kind) => clockKinds.some((one) => one === kind));
  return {
    policy: words["policy"] ?? null,
    targets: Object.fromEntries(
      list(words["targets"]).map((one) => {
        const [type = "", priority = "", reaction = "", resolution = ""] = one.split(".");
        return [`${type}.${priority}`, { reaction, resolution }];
      }),
    ),
    ola: Object.fromEntries(list(words["ola"]).map((one) => one.split(".") as [string, string])),
    pauses: { customer: pause("customer"), approval: pause("approval") },
    calendar: words["calendar"] ?? null,
    clocks: words["clocks"] === undefined ? ["reaction", "resolution"] : clocks,
    by: bases.find((each) => each === words["by"]) ?? "registeredAt",
  };
}

/** The same terms as words of an address; a usual one is left out. */
export function wordsOf({ policy, targets, ola, pauses, calendar, clocks, by }: OtherTerms): Words {
  const some = (parts: readonly string[]): string | undefined => (parts.length === 0 ? undefined : parts.join(","));
  return {
    policy: policy ?? undefined,
    targets: some(
      Object.entries(targets).flatMap(([cell, { reaction, resolution }]) =>
        reaction === "" && resolution === "" ? [] : [`${cell}.${reaction}.${resolution}`],
      ),
    ),
    ola: some(Object.entries(ola).flatMap(([line, target]) => (target === "" ? [] : [`${line}.${target}`]))),
    pauses: some(waits.flatMap((of) => (pauses[of] === null ? [] : [`${of}.${pauses[of]}`]))),
    calendar: calendar ?? undefined,
    clocks: clocks.join(",") === "reaction,resolution" ? undefined : clocks.length === 0 ? "-" : clocks.join(","),
    by: by === "registeredAt" ? undefined : by,
  };
}

/** A thing and its version, `moscow-5x9@2`; without one the version is undefined. */
export function versionIn(said: string): { readonly id: string; readonly version: number | undefined } {
  const [, id, version] = /^(.*)@(\d+)$/u.exec(said) ?? [];
  return id === undefined ? { id: said, version: undefined } : { id, version: Number(version) };
}

interface Policy {
  readonly targets?: readonly { type: string; priority: string; reaction?: string; resolution?: string }[];
  readonly ola?: readonly { line: number; target: string }[];
  readonly pauses?: { customer?: boolean; approval?: boolean };
}
/** The terms' part of a question to the interface. */
export interface Asked {
  readonly kinds: readonly string[];
  readonly by: string;
  readonly policy?: Policy;
  readonly contractId?: string;
  readonly version?: number;
  readonly calendarId?: string;
  readonly calendarVersion?: number;
}

function ownPolicy({ targets, ola, pauses }: OtherTerms): Policy | undefined {
  const cells = Object.entries(targets).flatMap(([cell, { reaction, resolution }]) => {
    const [type = "", priority = ""] = cell.split(".");
    const said = { ...(reaction === "" ? {} : { reaction }), ...(resolution === "" ? {} : { resolution }) };
    return Object.keys(said).length === 0 ? [] : [{ type, priority, ...said }];
  });
  const lines = Object.entries(ola).flatMap(([line, target]) =>
    target === "" ? [] : [{ line: Number(line), target }],
  );
  const waiting = Object.fromEntries(
    waits.flatMap((of) => (pauses[of] === null ? [] : [[of, pauses[of] === "stops"]])),
  ) as { customer?: boolean; approval?: boolean };
  const policy = {
    ...(cells.length === 0 ? {} : { targets: cells }),
    ...(lines.length === 0 ? {} : { ola: lines }),
    ...(Object.keys(waiting).length === 0 ? {} : { pauses: waiting }),
  };
  return Object.keys(policy).length === 0 ? undefined : policy;
}

/** What the interface is asked; of a contract's version and of own terms only what is chosen counts. */
export function askedBy(terms: OtherTerms): Asked {
  const own = terms.policy === "own" ? ownPolicy(terms) : undefined;
  const contract = terms.policy === null || terms.policy === "own" ? undefined : versionIn(terms.policy);
  const calendar = terms.calendar === null ? undefined : versionIn(terms.calendar);
  return {
    kinds: terms.clocks,
    by: terms.by,
    ...(own === undefined ? {} : { policy: own }),
    ...(contract?.version === undefined ? {} : { contractId: contract.id, version: contract.version }),
    ...(calendar === undefined ? {} : { calendarId: calendar.id }),
    ...(calendar?.version === undefined ? {} : { calendarVersion: calendar.version }),
  };
}

/** Why these terms cannot be judged by yet; null: they can. */
export function lacking(terms: OtherTerms): "clocks" | "target" | "terms" | null {
  if (terms.clocks.length === 0) return "clocks";
  const said = [...Object.values(terms.targets).flatMap((one) => Object.values(one)), ...Object.values(terms.ola)];
  if (terms.policy === "own" && said.some((target) => target !== "" && !isTarget(target))) return "target";
  const { policy, contractId, calendarId } = askedBy(terms);
  return policy === undefined && contractId === undefined && calendarId === undefined ? "terms" : null;
}

/** Are two questions the same, in whatever order their parts stand? */
export function isSameQuestion(one: object, other: object): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  const parts = Object.entries(value).filter(([, part]) => part !== undefined);
  return `{${parts
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => `${name}:${canonical(part)}`)
    .join()}}`;
}

/** What stands in the directory of a contract or a calendar: each of its versions, and since when it holds. */
export interface Versioned {
  readonly id: string;
  readonly name: string;
  readonly organizationId: string | null;
  readonly state: Readonly<Record<string, unknown>>;
}

export const versionsOf = (entry: Versioned): readonly { version: number; effectiveFrom: number }[] =>
  (entry.state["policies"] ?? entry.state["versions"] ?? []) as Contract["policies"];
