export * from "./read-models.ts";
