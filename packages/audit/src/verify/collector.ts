import type { Finding, FindingCode } from "@docket/evidence";

/** Gathers findings; beyond `most` they are only counted. */
export interface Collector {
  add(code: FindingCode, params: Finding["params"]): void;
  readonly findings: readonly Finding[];
  readonly count: number;
  /** streams that something was found in */
  readonly streams: ReadonlySet<string>;
}

export function collector(most = 1_000): Collector {
  const findings: Finding[] = [];
  const streams = new Set<string>();
  let count = 0;
  return {
    add(code, params) {
      count++;
      if (typeof params["stream"] === "string") streams.add(params["stream"]);
      if (findings.length < most) findings.push({ code, params });
    },
    findings,
    get count() {
      return count;
    },
    streams,
  };
}
