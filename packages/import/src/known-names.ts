import { type Line, limits, type Requester } from "@docket/domain";
import { clean } from "./clean-text.ts";
import type { JobFile } from "./job-file.ts";
import type { Mapping } from "./mapping-schema.ts";
import { groupKey, organizationKey, requesterKey, staffKey, validEmail } from "./names.ts";
import type { KnownNames } from "./tell-ticket.ts";
import type { HistoryTexts } from "./texts.ts";

/** Who is who, for the telling; what is asked again and again is kept. */
export function knownNames(job: JobFile, mapping: Mapping, texts: HistoryTexts): KnownNames {
  const cached = <T>(read: (key: string) => T): ((key: string) => T) => {
    const known = new Map<string, T>();
    return (key) => {
      let value = known.get(key);
      if (value === undefined) {
        if (known.size > 50_000) known.clear();
        known.set(key, (value = read(key)));
      }
      return value;
    };
  };
  const parsed = (kind: "organization" | "group", key: string): never =>
    JSON.parse(job.nameId(kind, key) ?? "null") as never;
  // Read when it is first asked for: by then every name of the file is known.
  let known: ReadonlySet<string> | undefined;
  const somebody = (): ReadonlySet<string> => (known ??= namesOfPeople(job));
  const contract = cached((key) => parsed("organization", key) as { organizationId: string; contractId: string });
  const group = cached((key) => parsed("group", key) as { groupId: string; line: Line });
  const staff = cached((key) => job.nameId("staff", key));
  const requester = cached((key) => job.nameId("requester", key));
  return {
    contractOf: (fields) => contract(organizationKey(fields)),
    groupOf(fields) {
      const key = groupKey(mapping, fields);
      return key === null ? null : group(key);
    },
    engineerOf(fields) {
      const key = staffKey(fields);
      return key === null ? null : staff(key);
    },
    requesterOf(fields): Requester {
      const key = requesterKey(fields);
      const name = fields.requesterName ?? fields.requesterKey ?? fields.requesterEmail ?? texts.unknownRequester;
      return {
        personId: key === null ? null : requester(key),
        name: clean(name, limits.name),
        email: validEmail(fields.requesterEmail),
        phone: fields.requesterPhone === undefined ? null : clean(fields.requesterPhone, limits.phone),
      };
    },
    isSomebody: (text) => somebody().has(text.trim().toLowerCase()),
    standIns: {
      group: JSON.parse(job.get("unknownGroup") ?? "{}") as { groupId: string; line: Line },
      engineerId: job.get("unknownStaff") ?? "",
    },
  };
}

/** Every name, address and number of a person in the file, in small letters. */
function namesOfPeople(job: JobFile): ReadonlySet<string> {
  const found = new Set<string>();
  for (const kind of ["staff", "requester"] as const)
    for (const { data } of job.names(kind))
      for (const value of [data["name"], data["email"], data["phone"]])
        if (typeof value === "string") found.add(value.trim().toLowerCase());
  return found;
}
