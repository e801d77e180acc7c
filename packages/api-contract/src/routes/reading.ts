import { z } from "zod";
import { id, text } from "@docket/domain";
import { directoryEntry, journalEntry } from "../directory.ts";
import { asOfParam, asOfReply, listQuery, listReply, pastErrors, searchText, waitParam } from "../list.ts";
import { defineRoute } from "../route.ts";
import { clockFields, journalFields, judgementFields, type ListField } from "../ticket-fields.ts";
import { clockRow, judgementRow } from "../ticket.ts";
import { ticketRef } from "../values.ts";

const tag = "directory";

export const directoryFields = {
  id: { kind: "id", column: "entry_id", filter: true, sort: true, staffOnly: false },
  name: { kind: "text", column: "name", filter: true, sort: true, staffOnly: false },
  organizationId: { kind: "id", column: "organization_id", filter: true, sort: false, staffOnly: false },
  active: { kind: "flag", column: "active", filter: true, sort: false, staffOnly: false },
} as const satisfies Record<string, ListField>;

const directoryList = (name: string, path: string, ru: string, en: string) =>
  defineRoute({
    id: `${name}.list`,
    method: "GET",
    path,
    tag,
    summary: { ru, en },
    query: listQuery(directoryFields, { q: searchText.optional(), ...asOfParam }),
    reply: listReply(directoryEntry, "DirectoryList"),
    errors: pastErrors,
  });
const directoryOne = (name: string, path: string, ru: string, en: string) =>
  defineRoute({
    id: `${name}.get`,
    method: "GET",
    path: `${path}/{id}`,
    tag,
    summary: { ru, en },
    params: z.strictObject({ id }),
    query: z.strictObject({ ...asOfParam, ...waitParam }),
    reply: directoryEntry.extend(asOfReply).meta({ id: "DirectoryEntryAt" }),
    errors: ["not_found", "as_of_in_future"],
  });

/** The directory's lists: which kind each address shows. */
export const directoryRoutes = [
  { kind: "organization", ...pair("organizations", "Организации", "Organizations", "Организация", "One organization") },
  { kind: "contract", ...pair("contracts", "Договоры", "Contracts", "Договор", "One contract") },
  { kind: "staff", ...pair("staff", "Сотрудники СЦ", "Staff", "Сотрудник СЦ", "One member of staff") },
  { kind: "group", ...pair("groups", "Группы", "Groups", "Группа", "One group") },
  { kind: "calendar", ...pair("calendars", "Календари", "Calendars", "Календарь", "One calendar") },
  {
    kind: "routing-rules",
    ...pair("routing-rules", "Правила маршрутизации", "Routing rules", "Набор правил", "One rule set"),
  },
  { kind: "plan", ...pair("plans", "Планы регламентных работ", "Plans of scheduled work", "План", "One plan") },
  {
    kind: "letter",
    ...pair(
      "letters",
      "Тексты писем вместо встроенных",
      "Words of letters",
      "Тексты письма",
      "The words of one letter",
    ),
  },
] as const;

function pair(name: string, ru: string, en: string, oneRu: string, oneEn: string) {
  const path = `/api/v1/${name}`;
  return { list: directoryList(name, path, ru, en), one: directoryOne(name, path, oneRu, oneEn) };
}

export const readingRoutes = {
  clocks: defineRoute({
    id: "sla.clocks",
    method: "GET",
    path: "/api/v1/sla/clocks",
    tag: "sla",
    summary: { ru: "Часы SLA", en: "SLA clocks" },
    query: listQuery(clockFields, asOfParam),
    reply: listReply(clockRow, "ClockList"),
    errors: pastErrors,
  }),
  judgements: defineRoute({
    id: "sla.judgements",
    method: "GET",
    path: "/api/v1/sla/judgements",
    tag: "sla",
    summary: { ru: "Итоги SLA", en: "SLA judgements" },
    query: listQuery(judgementFields, asOfParam),
    reply: listReply(judgementRow, "JudgementList"),
    errors: pastErrors,
  }),
  journal: defineRoute({
    id: "journal.list",
    method: "GET",
    path: "/api/v1/journal",
    tag: "audit",
    summary: { ru: "Поиск по журналу событий (аудитор)", en: "Search over the journal of events (auditor)" },
    query: listQuery(journalFields, {
      q: searchText.optional(),
      ticket: ticketRef.optional(),
      changed: text(500).min(1).optional(),
      format: z.enum(["json", "csv", "jsonl"]).optional(),
      ...asOfParam,
    }),
    reply: listReply(journalEntry, "JournalList"),
    errors: [...pastErrors, "ticket_not_found", "not_allowed"],
  }),
} as const;
