import { Refusal } from "../http/refusal.ts";

/** The past moment that a query asks about; null: now. Throws `as_of_in_future`. */
export function momentOf(asOf: unknown, now: Date): Date | null {
  if (typeof asOf !== "string") return null;
  const moment = new Date(asOf);
  if (moment.getTime() > now.getTime()) throw new Refusal("as_of_in_future", { field: "asOf" });
  return moment;
}
