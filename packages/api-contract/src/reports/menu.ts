import type { z } from "zod";
import { definitionsVersion, reportLimits, reports, type ReportDefinition } from "./catalogue.ts";
import type { DimensionDefinition } from "./definition.ts";
import { dimensions } from "./dimensions.ts";
import { measures } from "./measures.ts";
import type { reportMenu } from "./schemas.ts";

/** Every report with its measures, dimensions and definitions: what a page builds its menus from. */
export function menuOfReports(): z.input<typeof reportMenu> {
  return {
    definitions: definitionsVersion,
    reports: Object.entries<ReportDefinition>(reports).map(([name, report]) => ({
      name,
      title: report.title,
      about: report.about,
      period: report.counts === "open" ? "optional" : "required",
      measures: [...report.measures],
      usualMeasures: [...report.usualMeasures],
      dimensions: [...report.dimensions],
      usualGroupBy: [...report.usualGroupBy],
      requiredGroupBy: [...report.requiredGroupBy],
      bases: [...report.bases],
    })),
    measures: Object.entries(measures).map(([name, { title, definition, unit }]) => ({
      name,
      title,
      definition,
      unit,
      opens: true,
    })),
    dimensions: Object.entries<DimensionDefinition>(dimensions).map(([name, { title, definition, kind, values }]) => ({
      name,
      title,
      definition,
      kind,
      ...(values ? { values: Object.entries(values).map(([value, text]) => ({ value, title: text })) } : {}),
    })),
    limits: { ...reportLimits },
  };
}
