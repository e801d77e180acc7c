export { deadlines } from "./deadlines.ts";
