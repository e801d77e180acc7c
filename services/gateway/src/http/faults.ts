import type { Fault } from "@docket/api-contract";
import { Refusal } from "./refusal.ts";

/** Refuses input by its faults: the code is the fault's own when there is only one kind, else `validation_failed`. */
export function refuseFaults(faults: readonly Fault[]): never {
  const first = faults[0];
  const same = first !== undefined && faults.every(({ code }) => code === first.code);
  throw new Refusal(same ? first.code : "validation_failed", {
    field: first?.field,
    errors: faults,
    ...(same && first.params !== undefined ? { params: first.params } : {}),
  });
}
