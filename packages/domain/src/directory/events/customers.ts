import { z } from "zod";
import { defineEvent } from "../../event.ts";
import { person, sourceName } from "../shapes.ts";
import { filledText, id, language, limits, text, zone } from "../../values.ts";

/** Organizations and their people. */
export const customerEvents = {
  organizationRegistered: defineEvent(
    "organization",
    "OrganizationRegistered",
    { ru: "Организация заведена", en: "Organization registered" },
    {
      organizationId: id,
      name: filledText(limits.name),
      aliases: z.array(filledText(limits.name)),
      language,
      zone,
      region: text(limits.name).nullable(),
    },
  ),
  organizationChanged: defineEvent(
    "organization",
    "OrganizationChanged",
    { ru: "Организация изменена", en: "Organization changed" },
    {
      name: filledText(limits.name),
      aliases: z.array(filledText(limits.name)),
      language,
      zone,
      region: text(limits.name).nullable(),
    },
  ),
  personAdded: defineEvent(
    "organization",
    "OrganizationPersonAdded",
    { ru: "Сотрудник заказчика добавлен", en: "Customer's person added" },
    { person },
  ),
  personChanged: defineEvent(
    "organization",
    "OrganizationPersonChanged",
    { ru: "Сотрудник заказчика изменён", en: "Customer's person changed" },
    { person },
  ),
  personRemoved: defineEvent(
    "organization",
    "OrganizationPersonRemoved",
    { ru: "Сотрудник заказчика удалён", en: "Customer's person removed" },
    { personId: id },
  ),
  organizationImported: defineEvent(
    "organization",
    "OrganizationImported",
    { ru: "Организация перенесена из другой системы", en: "Organization imported" },
    {
      organizationId: id,
      name: filledText(limits.name),
      language,
      zone,
      source: sourceName,
    },
  ),
  /** people whom a history names; inactive until their data are entered (OrganizationPersonChanged) */
  peopleImported: defineEvent(
    "organization",
    "OrganizationPeopleImported",
    { ru: "Люди заказчика перенесены из другой системы", en: "Customer's people imported" },
    { people: z.array(person).min(1).max(1_000), source: sourceName },
  ),
  organizationActivated: defineEvent(
    "organization",
    "OrganizationActivated",
    { ru: "Организация активна", en: "Organization active" },
    {},
  ),
} as const;
