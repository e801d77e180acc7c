import type { RouteDefinition } from "../route.ts";
import { adminRoutes, directoryCommandRoutes } from "./admin.ts";
import { analysisRoutes } from "./analysis.ts";
import { auditRoutes } from "./audit.ts";
import { attachmentRoutes } from "./attachments.ts";
import { importRoutes } from "./imports.ts";
import { consoleRoutes } from "./console.ts";
import { administrationRoutes } from "./administration.ts";
import { operationRoutes } from "./operations.ts";
import { contactRoutes } from "./contacts.ts";
import { privacyRoutes } from "./privacy.ts";
import { directoryRoutes, readingRoutes } from "./reading.ts";
import { reportRoutes } from "./reports.ts";
import { rightsRoutes } from "./rights.ts";
import { screenRoutes } from "./screens.ts";
import { sessionRoutes } from "./sessions.ts";
import { ticketCommandRoutes, ticketRoutes } from "./tickets.ts";

/** Every address under /api/v1, in the order of the description. */
export const allRoutes: readonly RouteDefinition[] = [
  ...Object.values(sessionRoutes),
  ...Object.values(contactRoutes),
  ...Object.values(ticketRoutes),
  ...ticketCommandRoutes.values(),
  ...Object.values(consoleRoutes),
  ...Object.values(screenRoutes),
  ...Object.values(operationRoutes),
  ...Object.values(administrationRoutes),
  ...Object.values(readingRoutes),
  ...directoryRoutes.flatMap(({ list, one }) => [list, one]),
  ...Object.values(analysisRoutes),
  ...Object.values(reportRoutes),
  ...Object.values(auditRoutes),
  ...Object.values(rightsRoutes),
  ...Object.values(attachmentRoutes),
  ...Object.values(adminRoutes),
  ...Object.values(importRoutes),
  ...directoryCommandRoutes.values(),
  ...Object.values(privacyRoutes),
];
