import { z } from "zod";
import { sha256, uuid } from "@docket/domain";
import {
  alertBody,
  chatBody,
  contactRow,
  contactView,
  intakeReply,
  joinBody,
  managerBody,
  phoneBody,
  portalBody,
  rejectBody,
  verifyBody,
} from "../contact.ts";
import { asOfParam, listQuery, listReply, pastErrors, searchText, waitParam } from "../list.ts";
import { defineRoute } from "../route.ts";
import { contactFields } from "../ticket-fields.ts";

const tag = "contacts";
const intake = {
  method: "POST",
  tag,
  reply: intakeReply,
  status: 201,
  errors: ["store_unavailable", "idempotency_key_reused"],
} as const;
const one = z.strictObject({ contactId: uuid });
const moment = z.strictObject({ ...asOfParam, ...waitParam });
const decision = { ...intake, params: one, status: 200, errors: ["contact_not_found", ...intake.errors] } as const;

export const contactRoutes = {
  portal: defineRoute({
    ...intake,
    id: "contacts.portal",
    path: "/api/v1/contacts/portal",
    access: "public",
    summary: { ru: "Обращение с портала (приложение А)", en: "Contact from the portal (appendix A)" },
    body: portalBody,
    errors: [...intake.errors, "rate_limited"],
  }),
  phone: defineRoute({
    ...intake,
    id: "contacts.phone",
    path: "/api/v1/contacts/phone",
    summary: { ru: "Обращение по телефону, заполняет оператор", en: "Contact by phone, filled in by the operator" },
    body: phoneBody,
  }),
  alert: defineRoute({
    ...intake,
    id: "contacts.alert",
    path: "/api/v1/contacts/alert",
    summary: { ru: "Оповещение системы мониторинга", en: "Alert of a monitoring system" },
    body: alertBody,
  }),
  manager: defineRoute({
    ...intake,
    id: "contacts.manager",
    path: "/api/v1/contacts/manager",
    summary: { ru: "Обращение к сервис-менеджеру (поимённо)", en: "Contact to the service manager (named persons)" },
    body: managerBody,
  }),
  chat: defineRoute({
    ...intake,
    id: "contacts.chat",
    path: "/api/v1/contacts/chat",
    summary: { ru: "Сообщение из чата", en: "Chat message" },
    body: chatBody,
  }),
  list: defineRoute({
    id: "contacts.list",
    method: "GET",
    path: "/api/v1/contacts",
    tag,
    summary: { ru: "Обращения", en: "Contacts" },
    query: listQuery(contactFields, { q: searchText.optional(), ...asOfParam }),
    reply: listReply(contactRow, "ContactList"),
    errors: pastErrors,
  }),
  intake: defineRoute({
    id: "queues.intake",
    method: "GET",
    path: "/api/v1/queues/intake",
    tag: "queues",
    summary: { ru: "Обращения, ожидающие оператора", en: "Contacts that wait for an operator" },
    query: listQuery(contactFields, { q: searchText.optional(), ...asOfParam }),
    reply: listReply(contactRow, "ContactList"),
    errors: pastErrors,
  }),
  get: defineRoute({
    id: "contacts.get",
    method: "GET",
    path: "/api/v1/contacts/{contactId}",
    tag,
    summary: { ru: "Обращение", en: "One contact" },
    params: one,
    query: moment,
    reply: contactView,
    errors: ["contact_not_found", "as_of_in_future"],
  }),
  verify: defineRoute({
    ...decision,
    id: "contacts.verify",
    path: "/api/v1/contacts/{contactId}/verify",
    summary: { ru: "Подтвердить право и зарегистрировать", en: "Verify and register" },
    body: verifyBody,
  }),
  reject: defineRoute({
    ...decision,
    id: "contacts.reject",
    path: "/api/v1/contacts/{contactId}/reject",
    summary: { ru: "Отклонить с указанием причины", en: "Reject with a reason" },
    body: rejectBody,
  }),
  join: defineRoute({
    ...decision,
    id: "contacts.join",
    path: "/api/v1/contacts/{contactId}/join",
    summary: { ru: "Присоединить к заявке", en: "Join to a ticket" },
    body: joinBody,
    errors: [...decision.errors, "ticket_not_found"],
  }),
  attachment: defineRoute({
    id: "contacts.attachment",
    method: "GET",
    path: "/api/v1/contacts/{contactId}/attachments/{sha256}",
    tag,
    summary: { ru: "Файл обращения", en: "A contact's file" },
    params: z.strictObject({ contactId: uuid, sha256 }),
    query: moment,
    reply: null,
    replyMedia: "application/octet-stream",
    errors: ["not_found", "contact_not_found", "as_of_in_future"],
  }),
  raw: defineRoute({
    id: "contacts.raw",
    method: "GET",
    path: "/api/v1/contacts/{contactId}/raw",
    tag,
    summary: { ru: "Исходный вид обращения", en: "The contact as it arrived" },
    params: one,
    query: moment,
    reply: null,
    replyMedia: "application/octet-stream",
    errors: ["not_found", "contact_not_found", "as_of_in_future"],
  }),
} as const;
