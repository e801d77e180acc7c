export type { CommandResult, Desk } from "./api.ts";
export { createDesk, type DeskOptions } from "./desk.ts";
export { createDirectoryView, directoryPrefixes, type DirectoryView } from "./directory-view.ts";
