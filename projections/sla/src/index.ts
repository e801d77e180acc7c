export { sla } from "./sla.ts";
