export * from "./values.ts";
export * from "./event.ts";
export * from "./command.ts";
export * from "./ticket/events.ts";
export * from "./ticket/commands.ts";
export * from "./contact/events.ts";
export * from "./contact/commands.ts";
export * from "./directory/events.ts";
