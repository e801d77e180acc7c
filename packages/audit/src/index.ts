export { causesOf, contactsOf, mailsOfTicket } from "./replay/beside.ts";
export { readableFacts } from "./replay/decode.ts";
export {
  eventsOfJournal,
  type Known,
  type KnownEvents,
  knownOf,
  rawOfJournal,
  storedColumns,
} from "./replay/journal.ts";
export {
  type CheckpointOutcome,
  type CheckpointParts,
  checkpoints,
  keyStatements,
  lastCheckpoint,
  makeCheckpoint,
  readTree,
} from "./checkpoint/checkpoint.ts";
export { checkpointStream } from "./checkpoint/heads.ts";
export {
  addSigningKey,
  retireSigningKey,
  signingKeys,
  type SigningSettings,
  signingSettings,
} from "./checkpoint/signing-keys.ts";
export { type Inclusion, inclusionsOf } from "./checkpoint/tree.ts";
export { type VerifyOptions, type VerifyProgress, type VerifyReport, verifyRecord } from "./verify/verify.ts";
export { type EvidenceParts, exportEvidence, type TicketChoice } from "./evidence/gather.ts";
export { accessStream, flushAccess, type NewAccess, noteAccess } from "./access/record.ts";
export { createRightsMover, type RightsMover, rightsStream } from "./rights/move.ts";
export { withoutNames } from "./access/query.ts";
export { type AccessRecorder, createAccessRecorder } from "./access/recorder.ts";
