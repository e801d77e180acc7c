import { readdirSync } from "node:fs";

// Which room may import which (docs/decisions/0002-rooms.md). Arrows run downward only; a room that is not listed for
// another may not be imported by it. Tests may import anything that is not a service.
const rooms = {
  sla: [],
  domain: ["sla"],
  "api-contract": ["domain", "sla"],
  postgres: [],
  reports: ["api-contract", "domain", "sla", "postgres"],
  mail: [],
  letters: ["mail", "domain", "sla"],
  "service-kit": [],
  "embedded-eventstore": ["service-kit"],
  "event-store": ["domain", "sla", "service-kit"],
  evidence: ["event-store", "domain", "sla", "service-kit"],
  audit: ["evidence", "projection-engine", "event-store", "domain", "sla", "postgres", "service-kit"],
  "command-handling": ["event-store", "domain", "sla", "service-kit"],
  import: ["command-handling", "event-store", "domain", "sla", "service-kit"],
  privacy: ["event-store", "domain", "sla", "postgres", "service-kit"],
  "projection-engine": ["event-store", "domain", "sla", "postgres", "service-kit"],
  "process-engine": ["command-handling", "event-store", "domain", "sla", "postgres", "service-kit"],
};
const pure = ["sla", "domain", "api-contract"];
// A pure room may have a command line, and only that touches files.
const commandLine = "(-cli|/main)[.]ts$";
const test = "[.](unit|int|e2e)[.]test[.]ts$|/test/";

const packages = readdirSync(new URL("../../packages", import.meta.url)).filter((name) => name !== "test-kit");
const roomRules = packages
  .map((room) => [room, rooms[room] ?? []])
  .map(([room, allowed]) => ({
    name: `room-${room}`,
    comment: `packages/${room} may import only: ${allowed.join(", ") || "no other room"}`,
    severity: "error",
    from: { path: `^packages/${room}/`, pathNot: test },
    to: { path: "^(packages|projections|scripts)/", pathNot: `^packages/(${[room, ...allowed].join("|")})/` },
  }));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...roomRules,
    {
      name: "nothing-imports-services",
      comment: "A service is a process: it is started, asked and told, never imported.",
      severity: "error",
      from: { path: "^(packages|projections|services/([^/]+))/" },
      to: { path: "^services/", pathNot: "^services/$2/" },
    },
    {
      name: "scripts-start-services",
      comment: "The same for scripts; they may know the type of what a process tells them.",
      severity: "error",
      from: { path: "^scripts/" },
      to: { path: "^services/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "projections-apart",
      comment: "A read model is rebuilt alone, so it may not lean on another one.",
      severity: "error",
      from: { path: "^projections/([^/]+)/" },
      to: { path: "^projections/", pathNot: "^projections/$1/" },
    },
    {
      name: "projections-downward",
      comment:
        "A projection folds events: it needs the domain's events, the engine and its tables, and nothing that acts.",
      severity: "error",
      from: { path: "^projections/", pathNot: test },
      to: { path: "^packages/(command-handling|process-engine|api-contract|embedded-eventstore|test-kit)/" },
    },
    {
      name: "pure-rooms",
      comment: "No I/O in the rules: sla, domain and api-contract give the same answer for the same input, anywhere.",
      severity: "error",
      from: { path: `^packages/(${pure.join("|")})/src/`, pathNot: [test, commandLine] },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?(crypto|assert|util)$" },
    },
    {
      name: "pure-libraries",
      comment: "The libraries of the pure rooms are few, and none of them does I/O.",
      severity: "error",
      from: { path: `^packages/(${pure.join("|")})/src/`, pathNot: [test, commandLine] },
      to: {
        path: "node_modules/",
        pathNot: "node_modules/(@types/)?(zod|luxon|uuid|rrule|canonicalize|temporal-polyfill)/",
      },
    },
    {
      name: "through-the-front-door",
      comment: "A package is used through its index.",
      severity: "error",
      from: { path: "^(packages|projections|services)/([^/]+)/" },
      to: { path: "^(packages|projections)/[^/]+/src/", pathNot: ["^$1/$2/", "/src/index[.]ts$"] },
    },
    {
      name: "test-kit-is-for-tests",
      severity: "error",
      from: { path: "^(packages|projections|services)/", pathNot: [test, "^packages/test-kit/"] },
      to: { path: "^packages/test-kit/" },
    },
    {
      name: "no-cycle",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "resolvable",
      comment: "What the console's build makes (virtual:) is there only while it is built.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^virtual:" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/generated/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
