export { type PersonalCodec, personalCodec } from "./codec.ts";
export { type FieldKey, fieldKeys } from "./disclosure.ts";
export type { Boxes } from "./boxes.ts";
export { VaultUnavailable } from "./errors.ts";
export type { Files, FoundFile } from "./files.ts";
export { rotateKeys, type RotationProgress } from "./keyring.ts";
export { type MasterKey, masterKeyOf } from "./master.ts";
export { openPrivacy, type Privacy, privacySettings } from "./privacy.ts";
export { isSealed, readSealedText, type SealedValue } from "./sealed-value.ts";
export { type KnownKey, type Naming, openVault, type Vault, type VaultOptions } from "./vault.ts";
export { type Whose, whoseOf } from "./whose.ts";
export {
  beginErasure,
  type Erasure,
  type ErasurePlan,
  type ErasureStep,
  listErasures,
  planErasure,
  readErasure,
  unfinishedErasureOf,
} from "./erasure.ts";
export { keptReplies } from "./beside.ts";
export { type ErasureKeeperParts, keepErasures, type Refolding } from "./keep-erasures.ts";
export { findSubject, type FoundSubject, streamsOf } from "./subject.ts";
export { exportSubject, type ExportHead, type HeldEvent, type HeldText, type SubjectExport } from "./export.ts";
