import type { Basis, DimensionName, MeasureName, ReportDefinition, ReportName } from "@docket/api-contract";
import { dimensions, isMeasure, measures, reportLimits, reportNames, reportOf } from "@docket/api-contract";
import { isKnownZone, zoneOf, type Zone } from "@docket/sla";
import { ReportRefusal } from "./refusal.ts";

/** Parameters as they stand in an address or on a command line: texts, repeated ones as lists. */
export type Asked = Readonly<Record<string, unknown>>;

/** A filter: any of these values of a dimension; null is "without one". */
export interface Wanted {
  readonly dimension: DimensionName;
  readonly values: readonly (string | null)[];
}

/** A question with everything said that it left open: asked again, it has the same answer for ever. */
export interface Question {
  readonly report: ReportName;
  readonly definition: ReportDefinition;
  readonly measures: readonly MeasureName[];
  readonly groupBy: readonly DimensionName[];
  /** [from, to); null: unbounded, which only reports of what is open allow */
  readonly from: Date | null;
  readonly to: Date | null;
  readonly zone: Zone;
  readonly calendar: string | null;
  readonly by: Basis;
  /** facts recorded up to here count ... */
  readonly asOf: Date;
  /** ... that stand in the log up to here */
  readonly position: string;
  readonly filters: readonly Wanted[];
  /** no ticket has changed since: the current rows alone have the answer, which is quicker to ask */
  readonly present?: boolean;
  /** ends when nobody waits for the answer any more; what is read for it is cancelled then */
  readonly gone?: AbortSignal;
}

export interface Present {
  readonly now: Date;
  /** how far the read models have come */
  readonly position: string;
  /** the zone of an organization, if it is known */
  readonly zoneOfOrganization?: (organizationId: string) => string | undefined;
}

const usualZone = "Europe/Moscow";
const usualDays = 30;
const dayMs = 86_400_000;

/** The values of a parameter that may be repeated and may hold commas. */
export function listOf(value: unknown): string[] {
  const all = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return [...new Set(all.flatMap((one) => String(one).split(",")).map((one) => one.trim()))].filter(
    (one) => one !== "",
  );
}

/**
 * The values of a filter. A comma within a value stands behind a backslash, and so does a backslash; `none` is "without one", `\none` the word,
 * `\e` the empty text.
 */
export function filterValues(given: unknown): (string | null)[] {
  const all = given === undefined ? [] : Array.isArray(given) ? given : [given];
  const parts = all.flatMap((one) => String(one).match(/(?:\\[\s\S]|[^,\\]|\\$)+/g) ?? []);
  const read = (part: string): string | null => {
    if (part === "none") return null;
    return part === "\\e" ? "" : part.replaceAll(/\\([\s\S]?)/g, "$1");
  };
  return [...new Set(parts.map(read))];
}

/** A value as it stands in an address. */
export const filterText = (value: string | null): string => {
  if (value === null) return "none";
  if (value === "") return "\\e";
  if (value === "none") return "\\none";
  return value.replaceAll(/[\\,]/g, "\\$&");
};

/**
 * Makes a question of parameters. Throws ReportRefusal: `report_not_found`, `unknown_measure`, `unknown_dimension`,
 * `too_many_dimensions`, `not_allowed` (by), `zone_unknown`, `period_reversed`, `period_too_long`, `as_of_in_future`, `position_in_future`.
 */
export function questionOf(report: string, asked: Asked, present: Present): Question {
  const definition = reportOf(report);
  if (definition === undefined)
    throw new ReportRefusal("report_not_found", undefined, { name: report, known: reportNames.join(", ") });
  const filters = filtersOf(asked, definition);
  const zone = zoneAsked(asked, filters, present);
  const asOf = momentAsked(asked, present.now);
  const { from, to } = periodAsked(asked, definition, zone, asOf);
  return {
    report: report as ReportName,
    definition,
    measures: measuresOf(asked, definition),
    groupBy: groupingOf(asked, definition),
    from,
    to,
    zone,
    calendar: typeof asked["calendar"] === "string" ? asked["calendar"] : null,
    by: basisOf(asked, definition),
    asOf,
    position: positionAsked(asked, present.position),
    filters,
  };
}

function measuresOf(asked: Asked, definition: ReportDefinition): readonly MeasureName[] {
  const names = listOf(asked["measures"]);
  if (names.length === 0) return definition.usualMeasures;
  if (names.includes("all")) return definition.measures;
  return names.map((name) => measureOf(name, definition, "measures"));
}

/** A measure of this report by its name. */
export function measureOf(name: string, definition: ReportDefinition, field: string): MeasureName {
  if (!isMeasure(name) || !definition.measures.includes(name))
    throw new ReportRefusal("unknown_measure", field, { name, known: definition.measures.join(", ") });
  return name;
}

function groupingOf(asked: Asked, definition: ReportDefinition): readonly DimensionName[] {
  const given = listOf(asked["groupBy"]);
  const names = given.length === 0 ? definition.usualGroupBy : given.filter((name) => name !== "none");
  for (const name of names)
    if (!definition.dimensions.includes(name as DimensionName))
      throw new ReportRefusal("unknown_dimension", "groupBy", { name, known: definition.dimensions.join(", ") });
  if (names.length > reportLimits.groupBy)
    throw new ReportRefusal("too_many_dimensions", "groupBy", { limit: reportLimits.groupBy });
  return names as DimensionName[];
}

function filtersOf(asked: Asked, definition: ReportDefinition): Wanted[] {
  const wanted: Wanted[] = [];
  for (const dimension of Object.keys(dimensions) as DimensionName[]) {
    const values = filterValues(asked[dimension]);
    if (values.length === 0) continue;
    if (!definition.dimensions.includes(dimension))
      throw new ReportRefusal("unknown_dimension", dimension, {
        name: dimension,
        known: definition.dimensions.join(", "),
      });
    wanted.push({ dimension, values });
  }
  return wanted;
}

function zoneAsked(asked: Asked, filters: readonly Wanted[], present: Present): Zone {
  const given = asked["zone"];
  const organizations = filters.find(({ dimension }) => dimension === "organization")?.values ?? [];
  const [only] = organizations;
  const theirs =
    organizations.length === 1 && typeof only === "string" ? present.zoneOfOrganization?.(only) : undefined;
  const name = typeof given === "string" ? given : (theirs ?? usualZone);
  if (!isKnownZone(name)) throw new ReportRefusal("zone_unknown", "zone", { zone: name });
  return zoneOf(name);
}

function momentAsked(asked: Asked, now: Date): Date {
  const given = asked["asOf"];
  if (typeof given !== "string") return now;
  const moment = new Date(given);
  if (Number.isNaN(moment.getTime())) throw new ReportRefusal("not_an_instant", "asOf");
  if (moment.getTime() > now.getTime()) throw new ReportRefusal("as_of_in_future", "asOf");
  return moment;
}

function positionAsked(asked: Asked, reached: string): string {
  const given = asked["atPosition"];
  if (given === undefined) return reached;
  const text = String(given);
  if (!/^\d{1,18}$/.test(text)) throw new ReportRefusal("bad_format", "atPosition");
  if (BigInt(text) > BigInt(reached)) throw new ReportRefusal("position_in_future", "atPosition", { reached });
  return String(BigInt(text));
}

function periodAsked(
  asked: Asked,
  definition: ReportDefinition,
  zone: Zone,
  asOf: Date,
): { from: Date | null; to: Date | null } {
  const unbounded = definition.counts === "open";
  const to = boundAsked(asked, "to", zone) ?? (unbounded ? null : asOf);
  const from =
    boundAsked(asked, "from", zone) ??
    (unbounded || to === null ? null : startOfDay(zone, to.getTime() - usualDays * dayMs));
  if (from !== null && to !== null) {
    if (from.getTime() > to.getTime()) throw new ReportRefusal("period_reversed", "to");
    const latest = new Date(from);
    latest.setUTCFullYear(latest.getUTCFullYear() + reportLimits.years);
    // a day of grace: ten years of local dates may be an hour longer than ten years of UTC
    if (to.getTime() > latest.getTime() + dayMs)
      throw new ReportRefusal("period_too_long", "to", { limit: reportLimits.years });
  }
  return { from, to };
}

function boundAsked(asked: Asked, name: "from" | "to", zone: Zone): Date | null {
  const given = asked[name];
  if (typeof given !== "string") return null;
  const local = /^\d{4}-\d{2}-\d{2}$/.test(given);
  const ms = Date.parse(local ? `${given}T00:00:00Z` : given);
  if (Number.isNaN(ms)) throw new ReportRefusal("not_an_instant", name);
  return new Date(local ? zone.toUtc(ms) : ms);
}

const startOfDay = (zone: Zone, at: number): Date => new Date(zone.toUtc(zone.localDay(at) * dayMs));

function basisOf(asked: Asked, definition: ReportDefinition): Basis {
  const given = asked["by"];
  if (given === undefined) return "registered";
  if (!definition.bases.includes(given as Basis))
    throw new ReportRefusal("not_allowed", "by", { name: String(given), known: definition.bases.join(", ") });
  return given as Basis;
}

/** The parameters that stand for a question, everything said. */
export function addressOf(question: Question): URLSearchParams {
  const parts = new URLSearchParams();
  if (question.from) parts.set("from", question.from.toISOString());
  if (question.to) parts.set("to", question.to.toISOString());
  parts.set("zone", question.zone.name);
  if (question.calendar !== null) parts.set("calendar", question.calendar);
  if (question.definition.bases.length > 0) parts.set("by", question.by);
  parts.set("asOf", question.asOf.toISOString());
  parts.set("atPosition", question.position);
  for (const { dimension, values } of question.filters) parts.set(dimension, values.map(filterText).join(","));
  return parts;
}

export const unitOf = (name: MeasureName): "count" | "percent" | "seconds" | "number" => measures[name].unit;
