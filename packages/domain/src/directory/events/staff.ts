import { z } from "zod";
import { defineEvent } from "../../event.ts";
import { email, groupKind, sourceName } from "../shapes.ts";
import { filledText, id, language, limits, line, personal, role, text } from "../../values.ts";

/** Members of staff and their groups. */
export const staffEvents = {
  staffHired: defineEvent(
    "staff",
    "StaffHired",
    { ru: "Сотрудник СЦ заведён", en: "Member of staff added" },
    {
      staffId: id,
      name: personal(filledText(limits.name)),
      email,
      role,
      skills: z.array(text(100)),
      language,
    },
  ),
  staffImported: defineEvent(
    "staff",
    "StaffImported",
    { ru: "Сотрудник перенесён из другой системы", en: "Member of staff imported" },
    {
      staffId: id,
      name: personal(filledText(limits.name)),
      email,
      role,
      skills: z.array(text(100)),
      language,
      source: sourceName,
    },
  ),
  staffChanged: defineEvent(
    "staff",
    "StaffChanged",
    { ru: "Данные сотрудника СЦ изменены", en: "Member of staff changed" },
    {
      name: personal(filledText(limits.name)),
      email,
      role,
      skills: z.array(text(100)),
      language,
    },
  ),
  staffAvailabilityChanged: defineEvent(
    "staff",
    "StaffAvailabilityChanged",
    { ru: "Доступность сотрудника изменена", en: "Availability changed" },
    {
      available: z.boolean(),
      reason: personal(text(limits.reason)).nullable(),
    },
  ),
  staffDeactivated: defineEvent(
    "staff",
    "StaffDeactivated",
    { ru: "Сотрудник отключён", en: "Member of staff deactivated" },
    {
      reason: personal(text(limits.reason)).nullable(),
    },
  ),
  staffReactivated: defineEvent(
    "staff",
    "StaffReactivated",
    { ru: "Сотрудник снова активен", en: "Member of staff active again" },
    {},
  ),
  groupCreated: defineEvent(
    "group",
    "GroupCreated",
    { ru: "Группа создана", en: "Group created" },
    {
      groupId: id,
      name: filledText(limits.name),
      line,
      kind: groupKind,
      memberIds: z.array(id).max(limits.groupMembers),
    },
  ),
  groupImported: defineEvent(
    "group",
    "GroupImported",
    { ru: "Группа перенесена из другой системы", en: "Group imported" },
    {
      groupId: id,
      name: filledText(limits.name),
      line,
      kind: groupKind,
      memberIds: z.array(id).max(limits.groupMembers),
      source: sourceName,
    },
  ),
  groupActivated: defineEvent("group", "GroupActivated", { ru: "Группа активна", en: "Group active" }, {}),
  groupChanged: defineEvent(
    "group",
    "GroupChanged",
    { ru: "Группа изменена", en: "Group changed" },
    {
      name: filledText(limits.name),
      line,
      kind: groupKind,
    },
  ),
  groupMembersChanged: defineEvent(
    "group",
    "GroupMembersChanged",
    { ru: "Состав группы изменён", en: "Group members changed" },
    {
      added: z.array(id).max(limits.groupMembers),
      removed: z.array(id).max(limits.groupMembers),
    },
  ),
} as const;
