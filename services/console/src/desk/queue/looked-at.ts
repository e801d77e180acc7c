import type { TicketRow } from "@docket/api-contract";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { get, post } from "../../api/client.ts";
import { useMoment } from "../../moment/moment.ts";
import type { QueueData } from "./window.ts";

interface Mark {
  readonly ticketId: string;
  readonly revision: number;
}

/**
 * What changed since one's last look: a ticket that was opened before and has moved on. What was never opened is not marked, or
 * everything would be.
 */
export function useMarks(data: QueueData | null): { readonly news: ReadonlySet<string>; look(row: TicketRow): void } {
  const { live } = useMoment();
  const client = useQueryClient();
  // By stretches of a hundred, so that scrolling asks rarely.
  const ids = useMemo(() => {
    const shown =
      data === null ? [] : [...data.rows.values()].flatMap((row) => ("number" in row ? [row.ticketId] : []));
    return shown.slice(-200).sort();
  }, [data?.order]);
  const marks = useQuery<{ items: readonly Mark[] }>({
    queryKey: ["marks", ids],
    enabled: live && ids.length > 0,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) => get<{ items: readonly Mark[] }>("/marks", { query: { tickets: ids }, signal }),
  });
  const news = useMemo(() => {
    const seen = new Map((marks.data?.items ?? []).map(({ ticketId, revision }) => [ticketId, revision]));
    return new Set(
      [...(data?.rows ?? [])].flatMap(([id, row]) => (row.revision > (seen.get(id) ?? Infinity) ? [id] : [])),
    );
  }, [marks.data, data?.rows]);
  const look = useCallback(
    ({ ticketId, revision }: TicketRow) => {
      if (!live) return;
      client.setQueriesData<{ items: readonly Mark[] }>({ queryKey: ["marks"] }, (before) =>
        before === undefined
          ? before
          : { items: [...before.items.filter((mark) => mark.ticketId !== ticketId), { ticketId, revision }] },
      );
      // A mark that is lost does no harm: the ticket shows as changed once more.
      post("/marks", { items: [{ ticketId, revision }] }).catch(() => undefined);
    },
    [client, live],
  );
  return { news, look };
}
