import { normaliseEmail, normalisePhone, type SubjectKind } from "@docket/domain";
import { CodedError } from "@docket/service-kit";
import type { Vault } from "./vault.ts";

/** A data subject as somebody asked for him, with everything that is known to be the same one. */
export interface FoundSubject {
  readonly kind: SubjectKind;
  /** opaque references, the one that was named first */
  readonly subjects: readonly string[];
  /** mail addresses' subjects that somebody else goes by too: they are not taken with him */
  readonly shared: readonly string[];
}

/**
 * Finds a data subject by what people know him by: a mail address, a person's or member of staff's id (`person:<id>` or
 * `staff:<id>` where both exist), a telephone as `phone:<number>`, or an opaque reference. The addresses that a person wrote from
 * belong to him; one that two people share belongs to neither.
 * Throws `subject_unknown`, `subject_ambiguous`, `subject_invalid`.
 */
export async function findSubject(vault: Vault, given: string): Promise<FoundSubject> {
  const subject = await resolve(vault, given.trim());
  const { rows } = await vault.pool.query<{ kind: SubjectKind }>("select kind from vault.subject where subject = $1", [
    subject,
  ]);
  const kind = rows[0]?.kind ?? "stream";
  if (kind === "mail") {
    const owners = await livingOwners(vault, subject);
    if (owners.length > 1)
      throw new CodedError("subject_ambiguous", "several people go by this address; name the person by his id");
    const [owner] = owners;
    if (owner !== undefined) return withAddresses(vault, owner);
  }
  return kind === "person" || kind === "staff"
    ? withAddresses(vault, subject)
    : { kind, subjects: [subject], shared: [] };
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The names that something given may mean. Throws `subject_invalid`. */
export function namesOf(given: string): string[] {
  if (given === "")
    throw new CodedError("subject_invalid", "whose data? A mail address, a person's or a member of staff's id");
  const [, kind, value = ""] = /^(person|staff|mail|phone):(.+)$/.exec(given) ?? [];
  if (kind === "mail" || (kind === undefined && given.includes("@")))
    return [`mail:${normaliseEmail(kind === undefined ? given : value)}`];
  if (kind === "phone") return [`phone:${normalisePhone(value)}`];
  return kind !== undefined ? [given] : [`person:${given}`, `staff:${given}`];
}

async function resolve(vault: Vault, given: string): Promise<string> {
  const names = namesOf(given);
  const found = (await Promise.all(names.map((name) => vault.find(name)))).filter((one) => one !== undefined);
  if (found.length === 0 && uuidForm.test(given)) {
    const { rows } = await vault.pool.query("select from vault.subject where subject = $1", [given]);
    if (rows.length === 1) return given;
  }
  const [subject] = found;
  if (subject === undefined) throw new CodedError("subject_unknown", "nobody is known by this name");
  if (found.length > 1)
    throw new CodedError(
      "subject_ambiguous",
      `both a person and a member of staff: say person:${given} or staff:${given}`,
    );
  return subject;
}

async function livingOwners(vault: Vault, address: string): Promise<string[]> {
  const { rows } = await vault.pool.query<{ subject: string }>(
    `select m.subject from vault.same m join vault.subject s on s.subject = m.subject
     where m.other = $1 and s.erased_at is null order by m.subject`,
    [address],
  );
  return rows.map(({ subject }) => subject);
}

async function withAddresses(vault: Vault, subject: string): Promise<FoundSubject> {
  const { rows } = await vault.pool.query<{ kind: SubjectKind; other: string | null; shared: boolean }>(
    `select s.kind, m.other, exists (
       select from vault.same o join vault.subject p on p.subject = o.subject
       where o.other = m.other and o.subject <> s.subject and p.erased_at is null) as shared
     from vault.subject s left join vault.same m on m.subject = s.subject where s.subject = $1 order by m.other`,
    [subject],
  );
  const of = (wanted: boolean) =>
    rows.flatMap(({ other, shared }) => (other !== null && shared === wanted ? [other] : []));
  return { kind: rows[0]?.kind ?? "person", subjects: [subject, ...of(false)], shared: of(true) };
}

/**
 * The streams that hold something sealed for any of the subjects, by a look through the whole journal: an erasure is rare, and an
 * index of who stands where would itself have to be erased.
 */
export async function streamsOf(pool: Vault["pool"], subjects: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ stream: string }>(
    `select distinct stream from read.journal
     where data_text like any($1::text[]) or actor_name like any($2::text[]) order by stream`,
    [subjects.map((subject) => `%"$p":"${subject}"%`), subjects.map((subject) => `$p.${subject}.%`)],
  );
  return rows.map(({ stream }) => stream);
}
