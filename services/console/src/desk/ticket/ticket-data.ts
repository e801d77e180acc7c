import type { Account, TicketActions, TicketView, TimelineEntry } from "@docket/api-contract";
import { useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useSession, worksOnTickets } from "../../api/session.ts";
import { allPages } from "../../api/all-pages.ts";
import { post } from "../../api/client.ts";
import { isRefusal } from "../../api/problem.ts";
import { useWatch } from "../../live/context.ts";
import { readKey, useMoment, useRead } from "../../moment/moment.ts";
import type { OpenHours, RibbonClock } from "../../ui/clock.ts";
import { meanwhileOf } from "./conflict.tsx";

export interface Ribbons {
  readonly at: string;
  readonly items: readonly RibbonClock[];
  readonly calendars: Readonly<Record<string, OpenHours>>;
}

interface TimelinePage {
  readonly items: readonly TimelineEntry[];
  readonly nextRevision: number | null;
}

export interface TicketData {
  readonly ticket: UseQueryResult<TicketView>;
  readonly timeline: UseQueryResult<TimelinePage>;
  readonly ribbons: UseQueryResult<Ribbons>;
  /** asked anew after each change; empty for those who only look, and at a past moment */
  readonly actions: UseQueryResult<TicketActions>;
}

/** Stories with their mails are long: those of all tickets that somebody walks through in five minutes would be most of the page's memory. */
export const storyKeptFor = 5_000;
const storyPage = { limit: 1_000 } as const;

/**
 * A ticket with its timeline, clocks and possible actions, kept up to date by the socket while the moment is now. Nothing is asked
 * for while it is not `wanted`.
 */
export function useTicket(reference: string, wanted: boolean): TicketData {
  const client = useQueryClient();
  const { live } = useMoment();
  const { account } = useSession();
  const path = `/tickets/${reference}`;
  const ticket = useRead<TicketView>(path, { enabled: wanted });
  const timeline = useRead<TimelinePage>(`${path}/timeline`, {
    query: storyPage,
    gather: (ask) => allPages(ask, ({ nextRevision }) => (nextRevision === null ? null : { from: nextRevision })),
    enabled: wanted,
    keptFor: storyKeptFor,
  });
  const ticketId = wanted ? ticket.data?.ticketId : undefined;
  const ribbons = useRead<Ribbons>("/sla/ribbons", { query: { tickets: ticketId }, enabled: ticketId !== undefined });
  const mayAct = worksOnTickets(account) || account.role === "requester";
  const actions = useRead<TicketActions>(`${path}/actions`, {
    enabled: wanted && live && mayAct,
    timeless: true,
    keptFor: storyKeptFor,
  });

  const take = (rows: readonly Record<string, unknown>[], facts: readonly TimelineEntry[]): void => {
    const row = rows[0];
    if (row !== undefined)
      client.setQueryData<TicketView>(readKey(path), (before) =>
        before === undefined || (row["revision"] as number) < before.revision
          ? before
          : ({ ...before, ...row } as TicketView),
      );
    if (facts.length > 0)
      client.setQueryData<TimelinePage>(readKey(`${path}/timeline`, storyPage), (before) => {
        if (before === undefined) return before;
        const known = new Set(before.items.map(({ eventId }) => eventId));
        const fresh = facts.filter(({ eventId }) => !known.has(eventId));
        return fresh.length === 0
          ? before
          : { ...before, items: [...before.items, ...fresh].toSorted((a, b) => a.revision - b.revision) };
      });
  };
  const refresh = (): void => {
    for (const key of [
      ["sla", "ribbons"],
      ["tickets", reference, "actions"],
      ["tickets", reference, "clocks"],
      ["tickets", reference, "mails"],
      ["tickets", reference, "related"],
      ["tickets", reference, "watchers"],
    ])
      void client.invalidateQueries({ queryKey: key });
  };
  useWatch(ticketId === undefined ? null : { view: "ticket", filter: { ticketId } }, {
    snapshot: ({ items, timeline: facts }) => take(items, facts),
    delta: ({ upserts, timeline: facts }) => {
      take(upserts, facts);
      refresh();
    },
  });
  return { ticket, timeline, ribbons, actions };
}

interface CommandReply {
  readonly revision: number;
  readonly position: string;
}

/** Once more and again, where nobody but oneself and the machine came between; then there is something wrong. */
const mostTries = 4;

/**
 * Sends a command on a ticket. `revision`: what the sender has seen; refused with `stale_revision` when others did something
 * since. What he did himself a moment ago, or what the machine noted, does not stand in his way. The same `key` is carried out
 * once, so a repetition after a lost answer does no harm.
 */
export async function sendCommand(
  ticket: string,
  command: string,
  body: object,
  seen: number,
  key: string,
  self: Account,
): Promise<CommandReply> {
  let revision = seen;
  for (let tries = 1; ; tries++)
    try {
      return await post<CommandReply>(`/tickets/${ticket}/commands/${command}`, body, {
        idempotencyKey: tries === 1 ? key : `${key}-${tries}`,
        revision,
      });
    } catch (refusal) {
      if (!isRefusal(refusal, "stale_revision") || tries === mostTries) throw refusal;
      const { problem } = refusal;
      const current = Number(problem["currentRevision"]);
      if (!(current > revision) || problem["since"] === undefined || meanwhileOf(problem, self).length > 0)
        throw refusal;
      revision = current;
    }
}
