import type { TicketRow } from "@docket/api-contract";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { Names } from "../../api/directory.ts";
import { useText } from "../../text/use-text.ts";
import type { PresentPerson } from "../presence.ts";
import { leastWidth, type CellContext, type Column } from "./columns.tsx";
import css from "./queue.module.css";
import type { QueueData } from "./queue-data.ts";
import { RowCells } from "./row-cells.tsx";
import { useRowsInSight } from "./rows-in-sight.ts";

interface QueueListProps {
  readonly label: string;
  readonly data: QueueData;
  /** names the list; another one begins at its top */
  readonly place: string;
  /** it is the list as it was before, and another one is on its way */
  readonly isBefore: boolean;
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
  /** undefined: in its usual order again, by the nearest deadline */
  onSort(sort: string | undefined): void;
  onShow(first: number, end: number): void;
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
  const { from, to, box, toTop } = useRowsInSight(body, data.total, rowHeight);
  useEffect(() => onShow(from, to), [from, to, onShow]);
  useLayoutEffect(toTop, [props.place, toTop]);

  // Keeps what is looked at in its place: the row under the pointer, else the cursor's, else the first in sight.
  const places = useRef<{ readonly list: string | null; readonly of: ReadonlyMap<string, number> }>({
    list: null,
    of: new Map(),
  });
  const list = props.isBefore ? null : props.place;
  useLayoutEffect(() => {
    const now = new Map([...data.order].map(([index, id]) => [id, index]));
    const before = places.current;
    places.current = { list, of: now };
    const element = body.current;
    if (element === null || before.list !== list || before.of.size === 0) return;
    const { top, height } = box.current;
    const first = Math.floor(top / rowHeight);
    const inSight = (id: string | null): id is string => {
      const was = id === null ? undefined : before.of.get(id);
      return was !== undefined && was >= first && was * rowHeight < top + height;
    };
    const firstRow = [...before.of].find(([, index]) => index === first)?.[0] ?? null;
    // A row that itself went far away (its deadline changed) is not followed: what lay around it stays.
    const most = Math.ceil(height / rowHeight);
    for (const anchor of [hovered.current, cursor, top > 0 ? firstRow : null]) {
      if (!inSight(anchor)) continue;
      const [was, is] = [before.of.get(anchor) ?? 0, now.get(anchor)];
      if (is === undefined || Math.abs(is - was) > most) continue;
      if (was !== is) element.scrollTop += (is - was) * rowHeight;
      return;
    }
  }, [data.order, list, rowHeight, cursor, box]);

  const template = columns.map(({ width }) => width).join(" ");
  return (
    <div
      className={css["grid"]}
      role="grid"
      aria-label={props.label}
      aria-rowcount={data.total + 1}
      aria-multiselectable
      aria-busy={props.isBefore}
      style={{ "--columns": template, "--least": cards ? 0 : `${leastWidth(columns)}px` } as React.CSSProperties}
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
                    onClick={() => onSort(descending ? undefined : sorted ? `-${by}` : by)}
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
        <div className={css["space"]} role="presentation" style={{ height: data.total * rowHeight }}>
          {Array.from({ length: Math.max(0, to - from) }, (_, at) => {
            const index = from + at;
            const id = data.order.get(index);
            const row = id === undefined ? undefined : data.rows.get(id);
            const style = { height: rowHeight, transform: `translateY(${index * rowHeight}px)` };
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
