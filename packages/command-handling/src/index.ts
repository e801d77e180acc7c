export type { CommandResult, Desk, StateReader } from "./api.ts";
export { createDesk, type DeskOptions } from "./desk.ts";
export { createDirectoryView, directoryPrefixes, type DirectoryView } from "./directory-view.ts";
export { type Author, createIntake, type Intake, type IntakeParts, type Settled, ticketIdOfContact } from "./intake.ts";
export { createHistory, type History, type HistoryDecision, type HistoryMeta, type HistoryTicket } from "./history.ts";
