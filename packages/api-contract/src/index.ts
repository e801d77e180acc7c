export * from "./account.ts";
export * from "./analysis/forecast.ts";
export * from "./analysis/what-if.ts";
export * from "./attachment.ts";
export * from "./command.ts";
export * from "./console/actions.ts";
export * from "./console/administration.ts";
export * from "./console/around.ts";
export * from "./console/bulk.ts";
export {
  frame as letterFrameBody,
  mailFrame,
  type MailFrame,
  mailKind,
  type MailKind,
  triedMail,
  type TriedMail,
  words as letterWordsBody,
} from "./console/letters.ts";
export * from "./console/mail.ts";
export * from "./console/notifications.ts";
export * from "./console/operations.ts";
export * from "./console/preferences.ts";
export * from "./console/ribbons.ts";
export * from "./console/templates.ts";
export * from "./console/screens.ts";
export * from "./console/views.ts";
export * from "./contact.ts";
export * from "./directory.ts";
export { errorCatalogue, errorDefinition } from "./errors/catalogue.ts";
export { type ErrorDefinition, type ErrorParams, fillText, type Texts } from "./errors/definition.ts";
export { errorsMarkdown } from "./errors/markdown.ts";
export {
  errorText,
  type FieldFault,
  type Problem,
  problem,
  problemDocument,
  type ProblemOptions,
} from "./errors/problem.ts";
export { type Fault, parseInput } from "./errors/zod-faults.ts";
export * from "./list.ts";
export * from "./live.ts";
export { openApiDocument } from "./openapi/document.ts";
export * from "./replay.ts";
export { type Access, defineRoute, type Method, type RouteDefinition } from "./route.ts";
export { adminRoutes, directoryCommandRoutes } from "./routes/admin.ts";
export {
  definitionsVersion,
  isMeasure,
  type ReportDefinition,
  reportLimits,
  type ReportName,
  reportNames,
  reportOf,
  reports,
} from "./reports/catalogue.ts";
export type { Basis, DimensionDefinition, MeasureDefinition, Unit } from "./reports/definition.ts";
export { type DimensionName, dimensions } from "./reports/dimensions.ts";
export { type MeasureName, measures } from "./reports/measures.ts";
export { menuOfReports } from "./reports/menu.ts";
export * from "./reports/schemas.ts";
export { administrationRoutes } from "./routes/administration.ts";
export { operationRoutes } from "./routes/operations.ts";
export { rightsRoutes } from "./routes/rights.ts";
export { allRoutes } from "./routes/all.ts";
export { analysisRoutes } from "./routes/analysis.ts";
export { screenRoutes } from "./routes/screens.ts";
export {
  auditRoutes,
  type ChainState,
  type EvidenceCheck,
  mostEvidenceBytes,
  type Verification,
} from "./routes/audit.ts";
export { attachmentRoutes } from "./routes/attachments.ts";
export { consoleRoutes } from "./routes/console.ts";
export { contactRoutes } from "./routes/contacts.ts";
export { privacyRoutes } from "./routes/privacy.ts";
export { directoryFields, directoryRoutes, readingRoutes } from "./routes/reading.ts";
export { reportRoutes } from "./routes/reports.ts";
export { importLimits, importRoutes } from "./routes/imports.ts";
export { type ImportJob, importJob } from "./import-job.ts";
export { sessionRoutes } from "./routes/sessions.ts";
export { ticketCommandRoutes, ticketRoutes } from "./routes/tickets.ts";
export * from "./ticket-fields.ts";
export * from "./ticket.ts";
export { anyInstant, hasBidiControl, logPosition, plainName, ticketRef } from "./values.ts";
