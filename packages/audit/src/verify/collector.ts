import type { Finding, FindingCode } from "@docket/evidence";

/** Gathers findings; beyond `most` they are only counted. */
export interface Collector {
  add(code: FindingCode, params: Finding["params"]): void;
  /**
   * A read model shows a text that by the events is erased. While an erasure is under way that is its usual course, so these wait
   * until `judgeBlanks` says which it was.
   */
  addBlank(code: FindingCode, params: Finding["params"]): void;
  readonly blanks: number;
  /** Drops what waits, or counts it as found. */
  judgeBlanks(isErasing: boolean): void;
  readonly findings: readonly Finding[];
  readonly count: number;
  /** streams that something was found in */
  readonly streams: ReadonlySet<string>;
}

export function collector(most = 1_000): Collector {
  const findings: Finding[] = [];
  const streams = new Set<string>();
  let waiting: Finding[] = [];
  let blanks = 0;
  let count = 0;
  const add: Collector["add"] = (code, params) => {
    count++;
    if (typeof params["stream"] === "string") streams.add(params["stream"]);
    if (findings.length < most) findings.push({ code, params });
  };
  return {
    add,
    addBlank(code, params) {
      blanks++;
      // what was erased is not told by a finding either
      const { found: _found, ...rest } = params;
      if (waiting.length < most) waiting.push({ code, params: { ...rest, found: "…" } });
    },
    get blanks() {
      return blanks;
    },
    judgeBlanks(isErasing) {
      if (!isErasing) {
        count += blanks - waiting.length;
        for (const { code, params } of waiting) add(code, params);
      }
      waiting = [];
      blanks = 0;
    },
    findings,
    get count() {
      return count;
    },
    streams,
  };
}
