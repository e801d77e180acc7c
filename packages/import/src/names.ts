import { createHash } from "node:crypto";
import { type Line, limits } from "@docket/domain";
import { z } from "zod";
import type { RowFields } from "./extract.ts";
import type { FoundName } from "./job-file.ts";
import type { Mapping } from "./mapping-schema.ts";
import { lookUp } from "./tables.ts";

/** The names that a row has, and how they are told apart. */

/** Stands for the group or person of rows that name none. */
export const unknownKey = "?";

/** Kinds whose names are people's: ids stand in clear in every fact and outlive an erasure, so nothing of a name is in them. */
const people: ReadonlySet<string> = new Set(["staff", "person"]);

/** An id that follows from the source and a name: the same in every run. */
export function idFor(source: string, kind: string, name: string): string {
  const digest = createHash("sha256").update(`${source}\0${kind}\0${name}`).digest("hex");
  if (people.has(kind)) return `${source}-${kind}-${digest.slice(0, 20)}`;
  const readable = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 24)
    .replace(/-+$/, "");
  return [source, kind, readable, digest.slice(0, 10)].filter((part) => part !== "").join("-");
}

export function lineOf(mapping: Mapping, fields: RowFields): Line {
  const { line } = mapping.ticket;
  if ("value" in line) return line.value;
  const [table, word] = "groups" in line ? [line.groups, fields.group] : [line.values, fields.line];
  return (word === undefined ? undefined : lookUp(table, word)) ?? line.otherwise;
}

export function groupKey(mapping: Mapping, fields: RowFields): string | null {
  // One group at two lines is two groups: a line is a group's own (domain.md).
  return fields.group === undefined ? null : `${fields.group}\0${lineOf(mapping, fields)}`;
}

export function staffKey(fields: RowFields): string | null {
  return fields.personEmail?.toLowerCase() ?? fields.person ?? null;
}

export function organizationKey(fields: RowFields): string {
  return fields.organization ?? "";
}

export function requesterKey(fields: RowFields): string | null {
  const own =
    fields.requesterKey ?? fields.requesterEmail?.toLowerCase() ?? fields.requesterName ?? fields.requesterPhone;
  return own === undefined ? null : `${organizationKey(fields)}\0${own}`;
}

/** Everybody and everything that a row names. */
export function namesIn(mapping: Mapping, fields: RowFields): FoundName[] {
  const names: FoundName[] = [
    { kind: "organization", key: organizationKey(fields), data: { name: fields.organization ?? null } },
  ];
  const group = groupKey(mapping, fields);
  if (group !== null)
    names.push({ kind: "group", key: group, data: { name: fields.group ?? null, line: lineOf(mapping, fields) } });
  const staff = staffKey(fields);
  if (staff !== null)
    names.push({
      kind: "staff",
      key: staff,
      data: {
        name: fields.person ?? fields.personEmail ?? null,
        email: fields.personEmail ?? null,
        line: lineOf(mapping, fields),
      },
    });
  const requester = requesterKey(fields);
  if (requester !== null)
    names.push({
      kind: "requester",
      key: requester,
      data: {
        organization: organizationKey(fields),
        name: fields.requesterName ?? fields.requesterKey ?? fields.requesterEmail ?? fields.requesterPhone ?? null,
        email: fields.requesterEmail ?? null,
        phone: fields.requesterPhone ?? null,
      },
    });
  return names;
}

/** The address in what the source has in its place ("Anna <anna@x.example>", too); null when there is none. */
export function validEmail(value: unknown): string | null {
  if (typeof value !== "string" || !value.isWellFormed()) return null;
  const address = /<([^<>]+)>\s*$/.exec(value)?.[1] ?? value;
  // The directory's own measure: an address that it would refuse must not stop the import.
  return address.length <= limits.email && z.email().safeParse(address).success ? address : null;
}
