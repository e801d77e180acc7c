import type { TicketRow } from "@docket/api-contract";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useLayoutEffect, useRef } from "react";
import type { Names } from "../../api/directory.ts";
import { useText, type Texts } from "../../text/use-text.ts";
import { PriorityMark, StatusMark } from "../marks.tsx";
import type { PresentPerson } from "../presence.ts";
import { ClockWords } from "../../ui/clock-words.tsx";
import { IconEdit, IconEye } from "../../ui/icons.ts";
import { nearestClock, type CellContext, type Column } from "./columns.tsx";
import css from "./queue.module.css";
import { idOf, type QueueData } from "./window.ts";

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
    const anchor = [hovered.current, cursor, box.scrollTop > 0 ? firstRow : null].find(inSight);
    if (anchor === undefined) return;
    const [was, is] = [before.get(anchor), now.get(anchor)];
    if (was !== undefined && is !== undefined && was !== is) box.scrollTop += (is - was) * rowHeight;
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
            return (
              <div key={idOf(row)} onPointerEnter={() => (hovered.current = idOf(row))} role="presentation">
                <ListRow
                  row={row}
                  index={index}
                  start={start}
                  rowHeight={rowHeight}
                  cards={cards}
                  columns={columns}
                  texts={texts}
                  language={texts.language}
                  names={props.names}
                  clocks={data.clocks.get(row.ticketId) ?? none}
                  calendars={data.calendars}
                  readAt={data.readAt.get(row.ticketId) ?? 0}
                  at={props.at}
                  fresh={data.fresh.get(row.ticketId) ?? 0}
                  isCursor={cursor === row.ticketId}
                  isOpen={props.opened === row.ticketId}
                  isSelected={props.selected.has(row.ticketId)}
                  isNews={props.news.has(row.ticketId)}
                  people={props.presence.get(row.ticketId) ?? nobody}
                  onCursor={props.onCursor}
                  onOpen={props.onOpen}
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

interface ListRowProps extends Omit<CellContext, "texts"> {
  readonly row: TicketRow;
  readonly index: number;
  readonly start: number;
  readonly rowHeight: number;
  readonly cards: boolean;
  readonly columns: readonly Column[];
  readonly texts: Texts;
  /** draws the row anew in another language */
  readonly language: string;
  readonly fresh: number;
  readonly isCursor: boolean;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  readonly isNews: boolean;
  readonly people: readonly PresentPerson[];
  onCursor(id: string): void;
  onOpen(row: TicketRow): void;
  onSelect(id: string, range: boolean): void;
}

const sameRow = (a: ListRowProps, b: ListRowProps): boolean =>
  (Object.keys(a) as (keyof ListRowProps)[]).every(
    (key) => key === "texts" || key === "names" || Object.is(a[key], b[key]),
  ) &&
  a.names.organizations === b.names.organizations &&
  a.names.staff === b.names.staff;

/** Drawn only when something of its own changed: fifty changes a second touch fifty rows, not the list. */
const ListRow = memo(function ListRow(props: ListRowProps): React.ReactNode {
  const {
    row,
    index,
    start,
    rowHeight,
    cards,
    columns,
    texts,
    isCursor,
    isSelected,
    isNews,
    people,
    onCursor,
    onOpen,
    onSelect,
  } = props;
  const { t } = texts;
  const there = people.length === 0 ? null : <There people={people} texts={texts} />;
  const pick = (
    <span role="gridcell" className={css["pick"]}>
      <input
        type="checkbox"
        tabIndex={-1}
        checked={isSelected}
        aria-label={t("queue.pickOne", { number: row.number })}
        onChange={() => undefined}
        onClick={(event) => {
          event.stopPropagation();
          onSelect(row.ticketId, event.shiftKey);
        }}
      />
    </span>
  );
  const shared = {
    role: "row",
    "aria-rowindex": index + 2,
    "aria-selected": isSelected,
    "data-cursor": isCursor,
    "data-open": props.isOpen,
    "data-news": isNews,
    "data-number": row.number,
    tabIndex: isCursor ? 0 : -1,
    style: { height: rowHeight, transform: `translateY(${start}px)` },
    onFocus: () => onCursor(row.ticketId),
    onClick: () => onOpen(row),
  };
  const glow = props.fresh === 0 ? null : <span key={props.fresh} className={css["glow"]} aria-hidden />;
  if (cards) {
    const clock = nearestClock(props.clocks);
    return (
      <div {...shared} className={`${css["row"]} ${css["card"]}`}>
        {pick}
        <span role="gridcell" className={css["subject"]}>
          <span>{row.subject}</span>
        </span>
        <span role="gridcell">
          {clock === undefined ? null : (
            <ClockWords
              clock={clock}
              hours={clock.calendarId === undefined ? undefined : props.calendars.get(clock.calendarId)}
              readAt={props.readAt}
              at={props.at}
            />
          )}
        </span>
        <span role="gridcell" className={css["cardMeta"]}>
          <span className={css["number"]}>{row.number}</span>
          <PriorityMark priority={row.priority} />
          <StatusMark status={row.status} />
          <span>{props.names.organization(row.organizationId)}</span>
          {there}
        </span>
        {glow}
      </div>
    );
  }
  return (
    <div {...shared} className={css["row"]}>
      {pick}
      {columns.map((column, at) => (
        <span key={column.id} role="gridcell">
          {column.cell(row, props)}
          {at === 0 ? there : null}
        </span>
      ))}
      {glow}
    </div>
  );
}, sameRow);

function There({
  people,
  texts: { t },
}: {
  readonly people: readonly PresentPerson[];
  readonly texts: Texts;
}): React.ReactNode {
  const writing = people.some(({ doing }) => doing === "writing");
  const names = people.map(({ name }) => name).join(", ");
  const Icon = writing ? IconEdit : IconEye;
  return (
    <span
      className={css["there"]}
      role="img"
      aria-label={t(writing ? "presence.writing" : "presence.looking", { names })}
      title={t(writing ? "presence.writing" : "presence.looking", { names })}
    >
      <Icon size={12} aria-hidden />
      {people.length}
    </span>
  );
}
