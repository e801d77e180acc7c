export { reporting } from "./reporting.ts";
