import type { FieldsOfEvent } from "./fields.ts";

const nothing = (...plain: readonly string[]): FieldsOfEvent => ({ personal: {}, plain });

/** Proofs and the log of accesses name people by their ids alone: their names stand in the directory. */
export const trustPersonalFields: Readonly<Record<string, FieldsOfEvent>> = {
  CheckpointKeyIntroduced: nothing("key", "publicKey", "endorsements/**"),
  CheckpointSigned: nothing("at", "position/**", "root", "previous", "faults/**", "signatures/**"),
  RecordsAccessed: nothing("entries/**"),
};
