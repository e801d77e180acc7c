import { appendCases } from "./append.ts";
import { appendPayloadCases } from "./append-payload.ts";
import { connectionCases } from "./connection.ts";
import { deleteCases } from "./delete.ts";
import { errorCases } from "./errors.ts";
import { filterCases } from "./filters.ts";
import { idempotencyCases } from "./idempotency.ts";
import { metadataCases } from "./metadata.ts";
import { observedAppendCases } from "./observed-append.ts";
import { observedGroupCases } from "./observed-groups.ts";
import { observedPersistentCases } from "./observed-persistent.ts";
import { observedReadCases } from "./observed-reads.ts";
import { persistentCases } from "./persistent.ts";
import { persistentGroupCases } from "./persistent-groups.ts";
import { readCases } from "./reads.ts";
import { subscriptionCases } from "./subscriptions.ts";
import type { ConformanceCase } from "./types.ts";

const numbered: readonly ConformanceCase[] = [
  ...connectionCases,
  ...appendCases,
  ...appendPayloadCases,
  ...idempotencyCases,
  ...deleteCases,
  ...metadataCases,
  ...readCases,
  ...subscriptionCases,
  ...filterCases,
  ...errorCases,
  ...persistentCases,
  ...persistentGroupCases,
];

const observed: readonly ConformanceCase[] = [
  ...observedAppendCases,
  ...observedReadCases,
  ...observedPersistentCases,
  ...observedGroupCases,
];

/** Every case: items 1..100 of section 6 in order, then the observations of section 11. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...numbered.toSorted((a, b) => Number(a.item) - Number(b.item)),
  ...observed,
];

/** "item 37 [MUST] given ..." */
export const titleOf = (one: ConformanceCase): string => `item ${one.item} [${one.level}] ${one.title}`;
