export * from "./values.ts";
export * from "./event.ts";
export * from "./command.ts";
export * from "./streams.ts";
export * from "./errors.ts";
export * from "./any.ts";
export * from "./remembered.ts";
export * from "./classification.ts";
export * from "./permissions.ts";
export * from "./routing.ts";
export * from "./definitions.ts";
export * from "./decide.ts";
export * from "./ticket/event-parts.ts";
export * from "./ticket/events.ts";
export * from "./ticket/commands.ts";
export * from "./ticket/state.ts";
export {
  type ChangedField,
  changedFields,
  changedFieldTitles,
  changedMask,
  fieldsOfMask,
} from "./ticket/changed-fields.ts";
export { reasonIn } from "./ticket/chain-reason.ts";
export { evolveTicket } from "./ticket/evolve.ts";
export { decideTicket } from "./ticket/decide.ts";
export { clockName } from "./ticket/clocks.ts";
export type { TicketContext } from "./ticket/work-in-hand.ts";
export * from "./trust/events.ts";
export * from "./rights/events.ts";
export { foldRights, type Rights, subjectOfRights } from "./rights/fold.ts";
export type { RecordedStretch, StoryKind, TicketStory, TicketVersion } from "./what-if/story.ts";
export { retell, type CalendarOf, type Judged, type OtherTerms } from "./what-if/retell.ts";
export { compareTerms, differentTime, type ComparedClock, type DifferentTime, type Reason } from "./what-if/compare.ts";
export * from "./contact/events.ts";
export * from "./contact/commands.ts";
export * from "./contact/state.ts";
export * from "./contact/decide.ts";
export * from "./contact/entitlement.ts";
export * from "./directory/events.ts";
export * from "./directory/shapes.ts";
export * from "./directory/commands.ts";
export * from "./directory/state.ts";
export { checkFrameWords, checkLetterWords } from "./directory/letter-rules.ts";
export {
  audienceOf,
  commonPlaceholders,
  findFrame,
  findLetter,
  frameId,
  frameWords,
  frameWordsAt,
  isStaffLetter,
  letterAudience,
  letterAudiences,
  letterKind,
  letterKinds,
  letterWords,
  letterWordsAt,
  placeholdersIn,
  placeholdersOf,
  versionsOf,
  type FrameWords,
  type LetterAudience,
  type LetterEntry,
  type LetterKind,
  type LetterLabel,
  type LetterPlaceholder,
  type LetterVersion,
  type LetterWords,
} from "./directory/letters.ts";
export * from "./directory/lookup.ts";
export * from "./directory/normalise.ts";
export { DirectoryBehind } from "./directory/behind.ts";
export { evolveDirectory } from "./directory/evolve.ts";
export { decideDirectory } from "./directory/decide.ts";
export { decideSurvey, evolveSurvey, type SurveyState } from "./directory/survey.ts";
export {
  decideTicketNumbers,
  evolveTicketNumbers,
  formatTicketNumber,
  type TicketNumbersState,
} from "./directory/ticket-numbers.ts";
export { lookup, valuesOf, type PersistentMap } from "./support/persistent-map.ts";
export { errorCatalogue, describeError, type ErrorCode } from "./texts/error-catalogue.ts";
export type { ErrorEntry, ErrorKind, Text } from "./texts/error-text.ts";
export { terms } from "./texts/terms.ts";
export { upcast, upcasters, UnreadableEvent, type Upcaster, type Upcasters } from "./upcast.ts";
export { erasedText, isErased, unlessErased } from "./personal/erased.ts";
export { type Owner, ownerOfActor, kindOfName, type SubjectKind, subjectKinds } from "./personal/owner.ts";
export { type Leaf, type PersonalField, personalFieldsOf, visitLeaves } from "./personal/fields.ts";
export * from "./personal/events.ts";
