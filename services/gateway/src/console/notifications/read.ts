import { sql } from "kysely";
import type { Notification, NotificationKind } from "@docket/api-contract";
import { findPerson, findStaff, type Directory, type Language } from "@docket/domain";
import type { Db } from "@docket/postgres";
import type { Principal } from "../../auth/principal.ts";
import { visibility } from "../../policy/policy.ts";
import { filterSql } from "../../query/filter-sql.ts";
import { notificationTitle } from "./titles.ts";

/** To whom notes may be addressed so that this reader gets them. */
export function addressesOf({ staffId, personId, role }: Principal, groupIds: readonly string[]): string[] {
  if (personId !== null) return [`person:${personId}`];
  return [
    ...(staffId === null ? [] : [`staff:${staffId}`]),
    ...groupIds.map((groupId) => `group:${groupId}`),
    `role:${role}`,
  ];
}

const selfOf = ({ personId, staffId, accountId }: Principal): string => personId ?? staffId ?? accountId;

interface Row {
  readonly notification_id: string;
  readonly kind: NotificationKind;
  readonly ticket_id: string;
  readonly number: string;
  readonly subject: string;
  readonly actor_id: string;
  readonly actor_role: string;
  readonly recorded_at: Date;
  readonly position: string;
  readonly read: boolean;
}

export interface Wish {
  readonly unread?: boolean;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** How far back unread notes count. */
const countedDays = 30;
const mostCounted = 1_000;

/** Notes addressed to the reader or about a ticket that he follows, not of his own doing, of tickets that he may see. */
const concerns = (caller: Principal, addresses: readonly string[], now: Date) => sql`
  from (
    select * from read.notification where recipient in (${sql.join(addresses)})
    union all
    select f.* from app.watched_tickets w join read.notification f on f.ticket_id = w.ticket_id
    where w.account_id = ${caller.accountId} and f.recipient not like 'person:%' and f.kind <> 'mentioned') n
  join read.ticket t on t.ticket_id = n.ticket_id
  where n.actor_id <> ${selfOf(caller)} and n.recorded_at > ${new Date(now.getTime() - countedDays * 86_400_000)}
    and ${filterSql(visibility(caller, "ticket"), "t")}`;

const isRead = (caller: Principal) => sql<boolean>`(
  n.position <= coalesce((select up_to from app.notification_marks where account_id = ${caller.accountId}), -1)
  or exists (select 1 from app.notifications_read r
    where r.account_id = ${caller.accountId} and r.notification_id = n.notification_id))`;

/** Notes of a reader, newest first. */
export async function readNotifications(
  parts: { readonly db: Db; readonly directory: Directory; readonly now: Date },
  caller: Principal,
  groupIds: readonly string[],
  language: Language,
  { unread = false, before, after, limit }: Wish,
): Promise<Notification[]> {
  const { db, directory, now } = parts;
  const { rows } = await sql<Row>`select * from (
    select distinct on (n.position, n.notification_id) n.notification_id, n.kind, n.ticket_id, t.number, t.subject,
      n.actor_id, n.actor_role, n.recorded_at, n.position, ${isRead(caller)} as read
    ${concerns(caller, addressesOf(caller, groupIds), now)}
      ${before === undefined ? sql`` : sql`and n.position < ${before}::bigint`}
      ${after === undefined ? sql`` : sql`and n.position > ${after}::bigint`}
    order by n.position desc, n.notification_id) found
    ${unread ? sql`where not read` : sql``} order by position desc, notification_id limit ${sql.lit(limit)}`.execute(
    db,
  );
  return rows.map((row) => ({
    notificationId: row.notification_id,
    kind: row.kind,
    title: notificationTitle(row.kind, row.number, language),
    ticketId: row.ticket_id,
    number: row.number,
    subject: row.subject,
    at: row.recorded_at.toISOString(),
    position: row.position,
    read: row.read,
    actor: { id: row.actor_id, role: row.actor_role, name: nameOf(directory, row.actor_id) },
  }));
}

/** How many the reader has not read, no further than a thousand. */
export async function countUnread(
  { db, now }: { readonly db: Db; readonly now: Date },
  caller: Principal,
  groupIds: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ n: string }>`select count(*) as n from (
    select distinct n.notification_id ${concerns(caller, addressesOf(caller, groupIds), now)} and not ${isRead(caller)}
    limit ${sql.lit(mostCounted)}) unread`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

const nameOf = (directory: Directory, id: string): string | null =>
  findStaff(directory, id)?.name ?? findPerson(directory, id)?.name ?? null;
