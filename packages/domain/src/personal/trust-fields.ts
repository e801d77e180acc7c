import type { FieldsOfEvent } from "./fields.ts";

const nothing = (...plain: readonly string[]): FieldsOfEvent => ({ personal: {}, plain });

/** Proofs, the log of accesses and rights name people by their ids alone: their names stand in the directory. */
export const trustPersonalFields: Readonly<Record<string, FieldsOfEvent>> = {
  CheckpointKeyIntroduced: nothing("key", "publicKey", "endorsements/**"),
  CheckpointSigned: nothing("at", "position/**", "root", "previous", "faults/**", "signatures/**"),
  RecordsAccessed: nothing("entries/**"),
  AccountOpened: nothing("accountId", "organizationId", "personId", "staffId", "since"),
  AccountRightsChanged: nothing("accountId", "organizationId", "personId", "staffId"),
  AccountRenamed: nothing("accountId"),
  AccountPasswordSet: nothing("accountId"),
  AccountClosed: nothing("accountId"),
  AccountReopened: nothing("accountId"),
  // a machine's name
  TokenIssued: nothing("tokenId", "name", "organizationId", "scopes/*", "expiresAt", "since"),
  TokenRightsChanged: nothing("tokenId", "name", "organizationId", "scopes/*", "expiresAt"),
  TokenRevoked: nothing("tokenId"),
};
