export { conformanceCases, titleOf } from "./catalog.ts";
export { childNodeFactory } from "./child-node.ts";
export { type ConformanceHost, type HostOptions, openHost } from "./host.ts";
export { runConformance, type Tally } from "./run.ts";
export { selfSigned } from "./self-signed.ts";
export type {
  ConformanceCase,
  ConformanceContext,
  ConformanceResult,
  Level,
  Need,
  NodeFactory,
  Outcome,
  OwnNode,
  OwnNodeOptions,
} from "./types.ts";
