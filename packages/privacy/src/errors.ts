import { CodedError } from "@docket/service-kit";

/** The key store cannot be reached: nothing was decided, the same may be tried again. `transient` tells the event store's door. */
export class VaultUnavailable extends CodedError {
  readonly transient = true;

  constructor(cause: unknown) {
    super("vault_unavailable", "the keys of personal data cannot be reached", { cause });
    this.name = "VaultUnavailable";
  }
}

/** A key that ought to be there is not: the keys were set back to an older backup than the events. */
export function keyMissing(subject: string): CodedError {
  return new CodedError("personal_key_missing", `the key store knows no subject ${subject}`, { details: { subject } });
}

/** The keys are wrapped by a master key that we do not have. */
export function masterKeyWrong(masterId: string, cause?: unknown): CodedError {
  return new CodedError(
    "master_key_wrong",
    `the keys are wrapped by the master key ${masterId}, which cannot be used here`,
    {
      cause,
      details: { masterId },
    },
  );
}
