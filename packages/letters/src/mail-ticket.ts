import { findContract, findGroup, findOrganization, type Directory, type TicketState } from "@docket/domain";
import type { MailTicket } from "./mails-of.ts";

/** What letters need of a ticket, with the names that the directory has for its ids. */
export function mailTicketOf(state: TicketState, directory: Directory): MailTicket {
  const organization = findOrganization(directory, state.organizationId);
  const group = state.assignment === null ? null : findGroup(directory, state.assignment.groupId);
  return {
    ticketId: state.ticketId,
    number: state.number,
    subject: state.subject,
    language: state.language,
    zone: organization?.zone ?? "UTC",
    organizationName: organization?.name ?? state.organizationId,
    requester: state.requester,
    engineerId: state.assignment?.engineerId ?? null,
    groupName: group?.name ?? null,
    serviceManagerId: findContract(directory, state.contractId)?.serviceManagerId ?? null,
  };
}
