export { type PersonalCodec, personalCodec } from "./codec.ts";
export { type FieldKey, fieldKeys } from "./disclosure.ts";
export { VaultUnavailable } from "./errors.ts";
export { rotateKeys, type RotationProgress } from "./keyring.ts";
export { type MasterKey, masterKeyOf } from "./master.ts";
export { openPrivacy, type Privacy, privacySettings } from "./privacy.ts";
export { isSealed, readSealedText, type SealedValue } from "./sealed-value.ts";
export { type KnownKey, type Naming, openVault, type Vault, type VaultOptions } from "./vault.ts";
