export { calendarSchema, type Calendar } from "./calendar-schema.ts";
