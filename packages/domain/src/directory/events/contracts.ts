import { z } from "zod";
import { calendarSchema } from "@docket/sla";
import { defineEvent } from "../../event.ts";
import { contractServices, slaPolicy } from "../shapes.ts";
import { filledText, id, instant, limits, localDate, text } from "../../values.ts";

/** Contracts with their policies, and calendars. */
export const contractEvents = {
  contractSigned: defineEvent(
    "contract",
    "ContractSigned",
    { ru: "Договор заключён", en: "Contract signed" },
    {
      contractId: id,
      number: filledText(100),
      organizationId: id,
      validFrom: localDate,
      /** last day of validity, inclusive, in the calendar's zone; null: open-ended */
      validTo: localDate.nullable(),
      supportKeys: z.array(filledText(100)).max(1000),
      services: contractServices,
      /** products for which the customer holds the right to updates (R §4.1.7) */
      updateRights: z.array(filledText(limits.product)),
      authorisedPersonIds: z.array(id).max(limits.contractPeople),
      managerContactPersonIds: z.array(id).max(limits.contractPeople),
      serviceManagerId: id.nullable(),
      policy: slaPolicy,
      policyVersion: z.literal(1),
      policyEffectiveFrom: instant,
    },
  ),
  contractPolicyChanged: defineEvent(
    "contract",
    "ContractPolicyChanged",
    { ru: "Политика SLA изменена", en: "SLA policy changed" },
    {
      policy: slaPolicy,
      policyVersion: z.int().min(2),
      policyEffectiveFrom: instant,
    },
  ),
  contractTermsChanged: defineEvent(
    "contract",
    "ContractTermsChanged",
    { ru: "Условия договора изменены", en: "Contract terms changed" },
    {
      validFrom: localDate,
      validTo: localDate.nullable(),
      supportKeys: z.array(filledText(100)).max(1000),
      services: contractServices,
      updateRights: z.array(filledText(limits.product)),
      authorisedPersonIds: z.array(id).max(limits.contractPeople),
      managerContactPersonIds: z.array(id).max(limits.contractPeople),
      serviceManagerId: id.nullable(),
    },
  ),
  contractTerminated: defineEvent(
    "contract",
    "ContractTerminated",
    { ru: "Договор расторгнут", en: "Contract terminated" },
    {
      lastDay: localDate,
      reason: text(limits.reason).nullable(),
    },
  ),
  calendarDefined: defineEvent(
    "calendar",
    "CalendarDefined",
    { ru: "Календарь заведён", en: "Calendar defined" },
    {
      calendarId: id,
      name: filledText(limits.name),
      calendar: calendarSchema,
      version: z.literal(1),
      effectiveFrom: instant,
    },
    2,
  ),
  calendarRevised: defineEvent(
    "calendar",
    "CalendarRevised",
    { ru: "Календарь изменён", en: "Calendar revised" },
    {
      calendar: calendarSchema,
      version: z.int().min(2),
      effectiveFrom: instant,
    },
    2,
  ),
} as const;
