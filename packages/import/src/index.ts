export {
  type ImportOptions,
  type ImportPhase,
  importPhases,
  type ImportProgress,
  type ImportSummary,
  importIdOf,
  runImport,
} from "./run-import.ts";
export { faultText, type MappingFault, MappingInvalid, readMapping, type ReadMapping } from "./mapping-file.ts";
export { type JobFile, openJobFile, type Outcome, type ReportEntry } from "./job-file.ts";
export { csvReport } from "./csv-report.ts";
export { sketchMapping } from "./sketch.ts";
