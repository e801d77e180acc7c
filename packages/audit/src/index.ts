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
