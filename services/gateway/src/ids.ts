import { randomUUID } from "node:crypto";
import { derivedIdAt } from "@docket/event-store";

/** A new id that sorts by the time given. */
export const newId = (at: Date): string => derivedIdAt(at, randomUUID());
