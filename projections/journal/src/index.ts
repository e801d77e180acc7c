export { journal } from "./journal.ts";
