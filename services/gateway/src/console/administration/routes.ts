import type { FastifyInstance } from "fastify";
import {
  administrationRoutes,
  directoryCommandBodies,
  kebab,
  parseInput,
  type DirectoryCommandKey,
} from "@docket/api-contract";
import { directoryCommands, findCalendar, type AnyCommand } from "@docket/domain";
import { isRussianZone, russianCalendar, russianCalendarYears } from "@docket/sla";
import type { Directory } from "../../directory/directory.ts";
import { refuseFaults } from "../../http/faults.ts";
import { languageFor } from "../../http/language.ts";
import { Refusal } from "../../http/refusal.ts";
import type { Serving } from "../../http/serve.ts";
import { demand } from "../../policy/enforce.ts";
import { visibility } from "../../policy/policy.ts";
import { metaFor } from "../../tickets/command-meta.ts";
import { accepted, replyTo } from "../../tickets/outcome.ts";
import { yearOf } from "./calendars.ts";
import { historyOf } from "./history.ts";
import { previewChange } from "./preview.ts";

const zones = Intl.supportedValuesOf("timeZone").filter((zone) => isRussianZone(zone));

/** Changes of the directory before they are made, and after; calendars that come with the product. */
export function serveAdministration(
  app: FastifyInstance,
  serving: Serving,
  { directory }: { readonly directory: Directory },
): void {
  const { deps, serve } = serving;

  serve(app, administrationRoutes.preview, {}, async ({ caller, params, body, request, idFor }) => {
    const key = [...directoryCommandBodies.keys()].find((name) => kebab(name) === params.command);
    const schema = key === undefined ? undefined : directoryCommandBodies.get(key);
    if (key === undefined || schema === undefined) throw new Refusal("command_not_found");
    const { type } = directoryCommands[key as DirectoryCommandKey];
    demand(caller, { do: "directoryCommand", commandType: type });
    const parsed = parseInput(schema, body);
    if (!parsed.ok) return refuseFaults(parsed.faults);
    const { occurredAt: _occurredAt, ...data } = parsed.value as Record<string, unknown>;
    const meta = metaFor(caller, { commandId: idFor("preview") });
    return previewChange(deps, { type, data } as AnyCommand, meta, languageFor(request, caller));
  });

  serve(app, administrationRoutes.history, {}, async ({ caller, params, request }) => {
    demand(caller, { do: "seeHistory" });
    const items = await historyOf(deps, params.kind, params.id, languageFor(request, caller));
    if (items.length === 0) throw new Refusal("not_found");
    return { items };
  });

  serve(app, administrationRoutes.builtInCalendars, {}, async ({ caller, request }) => {
    demand(caller, { do: "seeHistory" });
    const title = {
      ru: "Российский производственный календарь, пятидневная неделя",
      en: "Russian production calendar, five-day week",
    }[languageFor(request, caller)];
    return { items: [{ source: "ru" as const, title, years: [...russianCalendarYears], zones }] };
  });

  serve(app, administrationRoutes.importCalendar, {}, async ({ caller, body, idFor, reply }) => {
    const { calendarId, name, zone, hours, shortenPreHoliday, effectiveFrom } = body;
    const known = findCalendar(directory.now(), calendarId) !== null;
    const type = known ? "ReviseCalendar" : "DefineCalendar";
    demand(caller, { do: "directoryCommand", commandType: type });
    const calendar = russianCalendar({ tz: zone, hours, shortenPreHoliday });
    const data = { calendarId, calendar, effectiveFrom, ...(known ? {} : { name }) };
    const meta = metaFor(caller, { commandId: idFor("command") });
    return replyTo(
      reply,
      accepted(await deps.desk.execute({ type, data } as unknown as AnyCommand, meta), caller.language),
    );
  });

  serve(app, administrationRoutes.calendarYear, {}, async ({ caller, params, request }) => {
    demand(caller, { do: "see", what: "calendar" });
    // a customer's people see their own contracts' calendars through the directory; a year at a glance is the centre's
    if (visibility(caller, "calendar").op !== "always") throw new Refusal("forbidden");
    const entry = findCalendar(directory.now(), params.id);
    if (entry === null) throw new Refusal("not_found");
    return yearOf(entry, params.year, languageFor(request, caller));
  });
}
