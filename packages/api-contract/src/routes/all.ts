import type { RouteDefinition } from "../route.ts";
import { adminRoutes, directoryCommandRoutes } from "./admin.ts";
import { analysisRoutes } from "./analysis.ts";
import { attachmentRoutes } from "./attachments.ts";
import { consoleRoutes } from "./console.ts";
import { operationRoutes } from "./operations.ts";
import { contactRoutes } from "./contacts.ts";
import { directoryRoutes, readingRoutes } from "./reading.ts";
import { reportRoutes } from "./reports.ts";
import { sessionRoutes } from "./sessions.ts";
import { ticketCommandRoutes, ticketRoutes } from "./tickets.ts";

/** Every address under /api/v1, in the order of the description. */
export const allRoutes: readonly RouteDefinition[] = [
  ...Object.values(sessionRoutes),
  ...Object.values(contactRoutes),
  ...Object.values(ticketRoutes),
  ...ticketCommandRoutes.values(),
  ...Object.values(consoleRoutes),
  ...Object.values(operationRoutes),
  ...Object.values(readingRoutes),
  ...directoryRoutes.flatMap(({ list, one }) => [list, one]),
  ...Object.values(analysisRoutes),
  ...Object.values(reportRoutes),
  ...Object.values(attachmentRoutes),
  ...Object.values(adminRoutes),
  ...directoryCommandRoutes.values(),
];
