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
