export type { CommandResult, Desk } from "./api.ts";
