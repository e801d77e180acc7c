import { z } from "zod";
import { defineEvent, type EventOf } from "../event.ts";
import { filledText, id, instant, limits, role, text, uuid } from "../values.ts";

const rights = {
  role,
  /** the customer, for a requester and a customer's machine */
  organizationId: id.nullable(),
};
const accountRights = {
  accountId: uuid,
  ...rights,
  /** who stands behind the account: a customer's person, or a member of staff */
  personId: id.nullable(),
  staffId: id.nullable(),
};
const tokenRights = {
  tokenId: uuid,
  /** of the machine */
  name: filledText(limits.name),
  ...rights,
  scopes: z.array(text(40)).max(50),
  expiresAt: instant.nullable(),
};
/** when it was really begun, of what was there before rights were recorded */
const since = instant.nullable();
const account = { accountId: uuid };

/**
 * Who was given which rights. Written by the engine for every change of an account or a token, whatever made it; no command makes it. Names,
 * logins, passwords and tokens stay in their rows: nothing here is personal, and nothing is a secret.
 */
export const rightsEvents = {
  accountOpened: defineEvent(
    "rights",
    "AccountOpened",
    { ru: "Учётная запись заведена", en: "Account opened" },
    { ...accountRights, since },
  ),
  accountRightsChanged: defineEvent(
    "rights",
    "AccountRightsChanged",
    { ru: "Права учётной записи изменены", en: "Account's rights changed" },
    accountRights,
  ),
  accountRenamed: defineEvent(
    "rights",
    "AccountRenamed",
    { ru: "Имя или логин учётной записи изменены", en: "Account's name or login changed" },
    account,
  ),
  accountPasswordSet: defineEvent(
    "rights",
    "AccountPasswordSet",
    { ru: "Пароль учётной записи задан заново", en: "Account's password set anew" },
    account,
  ),
  accountClosed: defineEvent(
    "rights",
    "AccountClosed",
    { ru: "Учётная запись закрыта", en: "Account closed" },
    account,
  ),
  accountReopened: defineEvent(
    "rights",
    "AccountReopened",
    { ru: "Учётная запись снова открыта", en: "Account opened again" },
    account,
  ),
  tokenIssued: defineEvent(
    "rights",
    "TokenIssued",
    { ru: "Ключ доступа выдан", en: "Token issued" },
    { ...tokenRights, since },
  ),
  tokenRightsChanged: defineEvent(
    "rights",
    "TokenRightsChanged",
    { ru: "Права ключа доступа изменены", en: "Token's rights changed" },
    tokenRights,
  ),
  tokenRevoked: defineEvent(
    "rights",
    "TokenRevoked",
    { ru: "Ключ доступа отозван", en: "Token revoked" },
    { tokenId: uuid },
  ),
} as const;

export type RightsEvent = EventOf<typeof rightsEvents>;
