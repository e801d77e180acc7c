export { arrowStream } from "./arrow.ts";
export { corrections } from "./corrections.ts";
export { csvHeader, csvLine } from "./csv.ts";
export { extract } from "./extract.ts";
export { type Asked, measureOf, type Present, type Question, questionOf } from "./question.ts";
export { ReportRefusal } from "./refusal.ts";
export { report } from "./report.ts";
export {
  type Cell,
  type CellType,
  type Column,
  jsonLines,
  type Table,
  tableOf,
  ticketCellsOf,
  ticketTable,
} from "./table.ts";
export { type After, openTickets, type TicketsPage } from "./tickets.ts";
