import { findOrganization, findPerson, findStaff, type Directory } from "@docket/domain";
import type { Principal } from "../auth/principal.ts";

/**
 * Does the directory still know who signed in? A customer's person who was removed, or a member of staff who was
 * deactivated, is nobody from then on, whatever becomes of the account. Who was never entered (an auditor from outside)
 * is the account administrator's to answer for.
 */
export function isCurrent(directory: Directory, { personId, staffId, organizationId }: Principal): boolean {
  if (personId !== null && organizationId !== null && findOrganization(directory, organizationId) !== null)
    return findPerson(directory, personId)?.organizationId === organizationId;
  return staffId === null || findStaff(directory, staffId)?.active !== false;
}
