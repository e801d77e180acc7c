/** The lists of the directory: by which address each is read, and which fields of an entry's state its table shows. */
export const kinds = [
  { kind: "organization", path: "/organizations", columns: ["zone", "region", "people"] },
  { kind: "contract", path: "/contracts", columns: ["organizationId", "validFrom", "validTo", "policies"] },
  { kind: "staff", path: "/staff", columns: ["role", "email", "available"] },
  { kind: "group", path: "/groups", columns: ["line", "kind", "memberIds"] },
  { kind: "calendar", path: "/calendars", columns: ["versions"] },
  { kind: "plan", path: "/plans", columns: ["contractId", "rrule", "nextAt"] },
  { kind: "routing-rules", path: "/routing-rules", columns: ["rules", "fallbackGroupId"] },
] as const;

export type Kind = (typeof kinds)[number]["kind"];

export const kindOf = (kind: string | undefined): (typeof kinds)[number] =>
  kinds.find((one) => one.kind === kind) ?? kinds[0];
