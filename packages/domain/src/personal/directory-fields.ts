import type { FieldsOfEvent } from "./fields.ts";
import { person, personInList, requesterOfTicketNamed, staffOfStream } from "./owner.ts";

const organization = ["name", "aliases/*", "zone", "region"] as const;
const contract = [
  "validFrom",
  "validTo",
  "supportKeys/*",
  "updateRights/*",
  "authorisedPersonIds/*",
  "managerContactPersonIds/*",
  "serviceManagerId",
] as const;
const persons: FieldsOfEvent = {
  personal: { "person/name": person, "person/emails/*": person, "person/phones/*": person },
  plain: ["person/personId"],
};
const nothing = (...plain: readonly string[]): FieldsOfEvent => ({ personal: {}, plain });

/** Organizations, contracts, calendars and rules are nobody's; people and staff are their own. */
export const directoryPersonalFields: Readonly<Record<string, FieldsOfEvent>> = {
  OrganizationRegistered: nothing("organizationId", ...organization),
  OrganizationChanged: nothing(...organization),
  OrganizationPersonAdded: persons,
  OrganizationPersonChanged: persons,
  OrganizationImported: nothing("organizationId", "name", "zone", "source"),
  OrganizationPeopleImported: {
    personal: {
      "people/*/name": personInList,
      "people/*/emails/*": personInList,
      "people/*/phones/*": personInList,
    },
    plain: ["people/*/personId", "source"],
  },
  OrganizationActivated: nothing(),
  OrganizationPersonRemoved: nothing("personId"),
  ContractSigned: nothing("contractId", "number", "organizationId", ...contract, "policy/**", "policyEffectiveFrom"),
  ContractPolicyChanged: nothing("policy/**", "policyEffectiveFrom"),
  ContractTermsChanged: nothing(...contract),
  ContractTerminated: nothing("lastDay", "reason"),
  CalendarDefined: nothing("calendarId", "name", "calendar/**", "effectiveFrom"),
  CalendarRevised: nothing("calendar/**", "effectiveFrom"),
  StaffHired: { personal: { name: staffOfStream, email: staffOfStream }, plain: ["staffId", "skills/*"] },
  StaffImported: { personal: { name: staffOfStream, email: staffOfStream }, plain: ["staffId", "skills/*", "source"] },
  StaffChanged: { personal: { name: staffOfStream, email: staffOfStream }, plain: ["skills/*"] },
  StaffAvailabilityChanged: { personal: { reason: staffOfStream }, plain: [] },
  StaffDeactivated: { personal: { reason: staffOfStream }, plain: [] },
  StaffReactivated: nothing(),
  GroupCreated: nothing("groupId", "name", "memberIds/*"),
  GroupImported: nothing("groupId", "name", "memberIds/*", "source"),
  GroupActivated: nothing(),
  GroupChanged: nothing("name"),
  GroupMembersChanged: nothing("added/*", "removed/*"),
  RoutingRulesPublished: nothing("rules/**", "fallbackGroupId"),
  TicketNumbersReserved: nothing(),
  PlanDefined: nothing(
    "planId",
    "contractId",
    "rrule",
    "start",
    "zone",
    "subject",
    "description",
    "product",
    "requesterPersonId",
    "nextAt",
  ),
  PlanOccurred: nothing("at", "ticketId", "nextAt"),
  PlanStopped: nothing("reason"),
  LetterTextChanged: nothing("subject", "text", "after", "effectiveFrom"),
  LetterTextReset: nothing("effectiveFrom"),
  LetterFrameChanged: nothing("greeting", "button", "signature", "labels/*", "effectiveFrom"),
  LetterFrameReset: nothing("effectiveFrom"),
  TicketRated: { personal: { comment: requesterOfTicketNamed }, plain: ["ticketId"] },
  // The record of an erasure must hold nothing of whom it erased.
  SubjectErased: nothing("erasureId", "subjects/*", "requestedAt", "reason"),
};
