export { type ClockEffect, type ClockEffectKind, clockEffects } from "./story/clock-effects.ts";
export {
  type Cause,
  type FieldChange,
  type Stepper,
  type StoryFact,
  type StoryMail,
  type StoryParts,
  type StoryStep,
  storyTeller,
  titleOf,
} from "./story/step.ts";
export { inZone, storyLines, tellStep, type Telling, type ToldStep } from "./story/tell.ts";
export { clockText, effectWords, fieldTitle, valueText } from "./story/words.ts";
export {
  isSignedBy,
  keyIdOf,
  newSigningKey,
  publicKeyOf,
  publicKeyPem,
  type Signature,
  type SigningKey,
  signingKeyOf,
} from "./signing/keys.ts";
export {
  type Checkpoint,
  checkpointHash,
  checkpointText,
  evidenceText,
  keysTrustedBy,
  type KeyStatement,
  keyText,
  type SignatureVerdict,
  verdictOfSignatures,
} from "./signing/statements.ts";
export {
  emptyRoot,
  type Head,
  heightOf,
  leafHash,
  nodeHash,
  proofPlaces,
  rootByProof,
  rootOf,
  widthOf,
} from "./tree/merkle.ts";
export { type Finding, type FindingCode, findingText, findingTexts } from "./findings.ts";
export { type CheckOptions, type CheckResult, checkEvidence } from "./file/check.ts";
export type { OpenedField } from "./file/check-stream.ts";
export { type RefusalCode, refusalText, refusalTexts, type Refused } from "./file/check-texts.ts";
export type { FieldKeyOf } from "./file/sealed.ts";
export { withBlanks } from "./file/sealed.ts";
export { type EvidenceStream, writeEvidence } from "./file/write.ts";
