import type { TicketRow } from "@docket/api-contract";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { Names } from "../../api/directory.ts";
import { useText } from "../../text/use-text.ts";
import type { PresentPerson } from "../presence.ts";
import type { CellContext, Column } from "./columns.tsx";
import css from "./queue.module.css";
import type { QueueData } from "./queue-data.ts";
import { RowCells } from "./row-cells.tsx";

interface QueueListProps {
  readonly label: string;
  readonly data: QueueData;
  readonly columns: readonly Column[];
  /** two lines a row, for narrow places */
  readonly cards: boolean;
  readonly rowHeight: number;
  readonly names: Names;
  /** milliseconds of the past moment that is shown */
  readonly at: number | null;
  readonly cursor: string | null;
  readonly opened: string | null;
  readonly selected: ReadonlySet<string>;
  readonly news: ReadonlySet<string>;
  readonly presence: ReadonlyMap<string, readonly PresentPerson[]>;
  readonly sort: string | undefined;
  onSort(sort: string): void;
  onShow(offset: number, limit: number): void;
  onCursor(id: string): void;
  onOpen(row: TicketRow): void;
  onSelect(id: string, range: boolean): void;
}

/**
 * The rows of a queue, of which only those in sight are drawn. When rows come or go above, the list is scrolled by as much, so
 * that what is under the cursor stays there.
 */
export function QueueList(props: QueueListProps): React.ReactNode {
  const { data, columns, cards, rowHeight, cursor, sort, onShow, onSort } = props;
  const texts = useText();
  const { t } = texts;
  const body = useRef<HTMLDivElement>(null);
  const hovered = useRef<string | null>(null);
  const rows = useVirtualizer({
    count: data.total,
    getScrollElement: () => body.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => {
    const offset = Math.max(0, first - 40);
    onShow(offset, Math.min(200, Math.max(60, last - offset + 40)));
  }, [first, last, data.total, onShow]);
  useEffect(() => rows.measure(), [rows, rowHeight]);

  // Keeps what is looked at in its place: the row under the pointer, else the cursor's, else the first in sight.
  const places = useRef<ReadonlyMap<string, number>>(new Map());
  useLayoutEffect(() => {
    const now = new Map([...data.order].map(([index, id]) => [id, index]));
    const box = body.current;
    const before = places.current;
    places.current = now;
    if (box === null || before.size === 0) return;
    const top = Math.floor(box.scrollTop / rowHeight);
    const inSight = (id: string | null): id is string => {
      const was = id === null ? undefined : before.get(id);
      return was !== undefined && was >= top && was * rowHeight < box.scrollTop + box.clientHeight;
    };
    const firstRow = [...before].find(([, index]) => index === top)?.[0] ?? null;
    // A row that itself went far away (its deadline changed) is not followed: what lay around it stays.
    const most = Math.ceil(box.clientHeight / rowHeight);
    for (const anchor of [hovered.current, cursor, box.scrollTop > 0 ? firstRow : null]) {
      if (!inSight(anchor)) continue;
      const [was, is] = [before.get(anchor) ?? 0, now.get(anchor)];
      if (is === undefined || Math.abs(is - was) > most) continue;
      if (was !== is) box.scrollTop += (is - was) * rowHeight;
      return;
    }
  }, [data.order, rowHeight, cursor]);

  const template = columns.map(({ width }) => width).join(" ");
  return (
    <div
      className={css["grid"]}
      role="grid"
      aria-label={props.label}
      aria-rowcount={data.total + 1}
      aria-multiselectable
      style={{ "--columns": template } as React.CSSProperties}
    >
      {cards ? null : (
        <div className={css["header"]} role="row" aria-rowindex={1}>
          <span role="columnheader">
            <span className="visually-hidden">{t("queue.pick")}</span>
          </span>
          {columns.map(({ id, title, sort: by }) => {
            const descending = sort === `-${by}`;
            const sorted = by !== undefined && (sort === by || descending);
            return (
              <span
                key={id}
                role="columnheader"
                data-column={id}
                aria-sort={sorted ? (descending ? "descending" : "ascending") : "none"}
              >
                {by === undefined ? (
                  t(title)
                ) : (
                  <button
                    type="button"
                    data-sorted={sorted}
                    onClick={() => onSort(sorted && !descending ? `-${by}` : by)}
                  >
                    {t(title)}
                    {sorted ? <span aria-hidden>{descending ? "↓" : "↑"}</span> : null}
                  </button>
                )}
              </span>
            );
          })}
        </div>
      )}
      <div ref={body} className={css["body"]} role="rowgroup" onPointerLeave={() => (hovered.current = null)}>
        <div className={css["space"]} role="presentation" style={{ height: rows.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const id = data.order.get(index);
            const row = id === undefined ? undefined : data.rows.get(id);
            const style = { height: rowHeight, transform: `translateY(${start}px)` };
            if (row === undefined || !("number" in row))
              return (
                <div key={index} className={css["row"]} role="row" aria-rowindex={index + 2} style={style}>
                  <span role="gridcell" className={css["waiting"]} />
                </div>
              );
            const { ticketId } = row;
            const isCursor = cursor === ticketId;
            const isSelected = props.selected.has(ticketId);
            return (
              <div
                key={ticketId}
                className={cards ? `${css["row"]} ${css["card"]}` : css["row"]}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={isSelected}
                data-cursor={isCursor}
                data-open={props.opened === ticketId}
                data-news={props.news.has(ticketId)}
                data-number={row.number}
                tabIndex={isCursor ? 0 : -1}
                style={style}
                onFocus={() => props.onCursor(ticketId)}
                onClick={() => props.onOpen(row)}
                onPointerEnter={() => (hovered.current = ticketId)}
              >
                <RowCells
                  row={row}
                  cards={cards}
                  columns={columns}
                  texts={texts}
                  language={texts.language}
                  names={props.names}
                  clocks={data.clocks.get(ticketId) ?? none}
                  calendars={data.calendars}
                  readAt={data.readAt.get(ticketId) ?? 0}
                  at={props.at}
                  fresh={data.fresh.get(ticketId) ?? 0}
                  isSelected={isSelected}
                  people={props.presence.get(ticketId) ?? nobody}
                  onSelect={props.onSelect}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

const none: CellContext["clocks"] = [];
const nobody: readonly PresentPerson[] = [];
