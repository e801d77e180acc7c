import type { TicketRow } from "@docket/api-contract";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { get, post } from "../../api/client.ts";
import { useMoment } from "../../moment/moment.ts";
import type { QueueData } from "./queue-data.ts";

interface Mark {
  readonly ticketId: string;
  readonly revision: number;
}

/** Rows that come within so long are asked for together. */
const gatherMs = 400;
const mostAtOnce = 200;
const mostAsked = 5_000;

/**
 * What changed since one's last look: a ticket that was opened before and has moved on. What was never opened is not marked, or
 * everything would be. Each ticket is asked for once while the list is shown, however often its row moves.
 */
export function useMarks(data: QueueData | null): { readonly news: ReadonlySet<string>; look(row: TicketRow): void } {
  const { live } = useMoment();
  const asked = useRef(new Set<string>());
  const [seen, setSeen] = useState<ReadonlyMap<string, number>>(new Map());
  const add = useCallback(
    (marks: readonly Mark[]) =>
      setSeen(
        (before) => new Map([...before, ...marks.map(({ ticketId, revision }) => [ticketId, revision] as const)]),
      ),
    [],
  );
  const rows = data?.rows;
  const latest = useRef(rows);
  latest.current = rows;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (!live || timer.current !== undefined || rows === undefined) return;
    if ([...rows.keys()].every((id) => asked.current.has(id))) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      const known = latest.current ?? rows;
      // What left the list long ago may be asked for again when it comes back.
      if (asked.current.size > mostAsked) asked.current = new Set([...asked.current].filter((id) => known.has(id)));
      const ids = [...known.keys()].filter((id) => !asked.current.has(id)).slice(-mostAtOnce);
      if (ids.length === 0) return;
      for (const id of ids) asked.current.add(id);
      get<{ items: readonly Mark[] }>("/marks", { query: { tickets: ids } }).then(
        ({ items }) => (items.length === 0 ? undefined : add(items)),
        () => ids.forEach((id) => asked.current.delete(id)),
      );
    }, gatherMs);
  }, [rows, live, add]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  const news = useMemo(
    () =>
      new Set([...seen].flatMap(([id, revision]) => ((rows?.get(id)?.revision ?? revision) > revision ? [id] : []))),
    [seen, rows],
  );
  const look = useCallback(
    ({ ticketId, revision }: TicketRow) => {
      if (!live) return;
      add([{ ticketId, revision }]);
      // A mark that is lost does no harm: the ticket shows as changed once more.
      post("/marks", { items: [{ ticketId, revision }] }).catch(() => undefined);
    },
    [add, live],
  );
  return { news, look };
}
