import type { TicketRow } from "@docket/api-contract";
import { Button } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Suspense, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useNames } from "../../api/directory.ts";
import { useSession, worksOnTickets } from "../../api/session.ts";
import { deafKey, useActions } from "../../keys/registry.ts";
import { typeInto } from "../../keys/type-ahead.ts";
import { useConnection } from "../../live/context.ts";
import { useMoment } from "../../moment/moment.ts";
import { numberText, relativeTime, shortTime } from "../../text/format.ts";
import { isText } from "../../text/i18n.ts";
import type { TextKey } from "../../text/keys.ts";
import { useText } from "../../text/use-text.ts";
import { useTicking } from "../../time/now.ts";
import { usePast } from "../../ui/only-now.tsx";
import { Empty, Failure, Loading } from "../../ui/states.tsx";
import { usePresence } from "../presence.ts";
import { stayMs, walking } from "../ticket/staying.ts";
import { columns as allColumns, leastWidth } from "./columns.tsx";
import { useCursor } from "./cursor.ts";
import { filterFields } from "./filter-fields.ts";
import { useColumnChoice } from "./column-choice.ts";
import { useMarks } from "./looked-at.ts";
import { QueueList } from "./queue-list.tsx";
import css from "./queue.module.css";
import { QueueChips } from "./queue-chips.tsx";
import { useSavedView } from "./saved-views.tsx";
import { idsOf, useQueueWindow } from "./window.ts";
import { idlePart, laterPart } from "../../ui/later-part.ts";

const QueueTools = idlePart(() => import("./queue-tools.tsx").then(({ QueueTools }) => QueueTools));
const BulkBar = laterPart(() => import("../bulk/bulk-bar.tsx").then(({ BulkBar }) => BulkBar));
const stockViews = [
  "unassigned",
  "my-line",
  "mine",
  "due-soon",
  "missed",
  "waiting",
  "under-control",
  "confirmation",
  "closed",
  "all-open",
];

/** Narrower than that a list has two lines a row; from the other on it is a table, that is moved sideways if it has too many columns. */
const [narrowest, widest] = [760, 1_060];

/** How the gateway orders a queue unless told otherwise. */
const defaultOrder = (queue: string): string => (queue === "closed" ? "-closedAt" : "nextDeadline");

/** One queue: its list, and beside it the ticket that is open. What is filtered and sorted stands in the address. */
export function QueueScreen(): React.ReactNode {
  const { t } = useText();
  const navigate = useNavigate();
  const { view = "all-open", ticket: openNumber } = useParams({ strict: false }) as { view?: string; ticket?: string };
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const { asOf } = useMoment();
  const { account } = useSession();
  const past = usePast();
  const connection = useConnection();
  const names = useNames();
  const presence = usePresence();
  const saved = useSavedView(stockViews.includes(view) ? null : view);
  const queue = saved?.queue ?? view;
  const ownKey = JSON.stringify(
    Object.fromEntries(
      filterFields.flatMap((field) => (typeof search[field] === "string" ? [[field, search[field]]] : [])),
    ),
  );
  const own = useMemo(() => JSON.parse(ownKey) as Record<string, string>, [ownKey]);
  const filters = useMemo(() => ({ ...saved?.filter, ...own }), [saved?.filter, own]);
  const q = typeof search["q"] === "string" ? search["q"] : (saved?.q ?? "");
  const sort = typeof search["sort"] === "string" ? search["sort"] : (saved?.sort ?? undefined);
  const state = useQueueWindow({ queue, filters, q, sort });
  const { data } = state;
  const chosen = useColumnChoice(view, saved?.columns ?? null);
  const columnIds = chosen.ids.join();
  const shownColumns = useMemo(() => allColumns.filter(({ id }) => columnIds.split(",").includes(id)), [columnIds]);
  // Of the whole screen and not of the list: opening a ticket then changes the list once, and not again when its new width is known.
  const screen = useElementSize();
  const leastTable = Math.max(narrowest, Math.min(leastWidth(shownColumns), widest));
  const isNarrow = openNumber !== undefined || (screen.width > 0 && screen.width < leastTable);
  // The ticket's place is painted first and the list in its other form after that; until then it keeps its width, or all of it would
  // be laid out for nothing.
  const cards = useDeferredValue(isNarrow);
  const list = useWidth();
  const density = document.documentElement.dataset["density"];
  const rowHeight = cards ? 54 : density === "compact" ? 30 : density === "roomy" ? 44 : 36;
  const [cursor, setCursor] = useCursor(data);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const lastPicked = useRef<string | null>(null);
  const find = useRef<HTMLInputElement>(null);
  useEffect(() => {
    setSelected(new Set());
    setCursor(null);
  }, [view, JSON.stringify(filters), q]);
  const order = data?.order;
  const ids = useMemo(
    () => (order === undefined ? [] : [...order].sort(([a], [b]) => a - b).map(([, id]) => id)),
    [order],
  );
  const opened =
    openNumber === undefined
      ? undefined
      : ids.find((id) => {
          const row = data?.rows.get(id);
          return row !== undefined && "number" in row && row.number === openNumber;
        });
  const { news, look } = useMarks(data);
  const openedRow = opened === undefined ? undefined : data?.rows.get(opened);
  const isChanged = opened !== undefined && news.has(opened);
  useEffect(() => {
    if (!isChanged || openedRow === undefined || !("number" in openedRow)) return undefined;
    // what changes before one's eyes is seen; not while the page is out of sight, and not by who only walks past
    if (document.visibilityState === "hidden") return undefined;
    const timer = setTimeout(() => look(openedRow), stayMs);
    return () => clearTimeout(timer);
  }, [isChanged, openedRow, look]);

  const setSearch = useCallback(
    (change: Record<string, string | undefined>): void =>
      void navigate({
        to: ".",
        search: ((before: Record<string, unknown>) => ({ ...before, ...change })) as never,
        replace: true,
      }),
    [navigate],
  );
  const looking = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(looking.current), []);
  const onSort = useCallback((by: string | undefined) => setSearch({ sort: by }), [setSearch]);
  const open = useCallback(
    (row: TicketRow, isWalk = false) => {
      clearTimeout(looking.current);
      // who only walks past has not looked
      if (isWalk) looking.current = setTimeout(() => look(row), stayMs);
      else look(row);
      void navigate({
        to: "/queues/$view/$ticket",
        params: { view, ticket: row.number } as never,
        search: ((before: object) => before) as never,
        state: (isWalk ? walking : {}) as never,
      });
    },
    [navigate, view, look],
  );
  const rowAt = (id: string | null | undefined): TicketRow | undefined => {
    const row = id == null ? undefined : data?.rows.get(id);
    return row !== undefined && "number" in row ? row : undefined;
  };
  const move = (by: number): void => {
    const from = ids.indexOf(cursor ?? opened ?? "");
    const id = ids[from === -1 ? 0 : Math.max(0, Math.min(ids.length - 1, from + by))];
    if (id === undefined) return;
    setCursor(id);
    requestAnimationFrame(() => {
      const element = document.querySelector<HTMLElement>("[role=row][data-cursor=true]");
      element?.scrollIntoView({ block: "nearest" });
      element?.focus({ preventScroll: true });
    });
    const row = rowAt(id);
    if (openNumber !== undefined && row !== undefined) open(row, true);
  };
  const known = useRef(ids);
  known.current = ids;
  const select = useCallback((id: string, range: boolean) => {
    const from = lastPicked.current;
    lastPicked.current = id;
    setSelected((before) => {
      const after = new Set(before);
      const all = known.current;
      const [a, b] = [from === null ? -1 : all.indexOf(from), all.indexOf(id)];
      if (range && a !== -1 && b !== -1)
        for (const each of all.slice(Math.min(a, b), Math.max(a, b) + 1)) after.add(each);
      else if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  useActions([
    {
      id: "list.next",
      title: "keys.next",
      group: "keys.list",
      keys: ["j", "ArrowDown"],
      keysOnly: true,
      run: () => move(1),
    },
    {
      id: "list.previous",
      title: "keys.previous",
      group: "keys.list",
      keys: ["k", "ArrowUp"],
      keysOnly: true,
      run: () => move(-1),
    },
    {
      id: "list.open",
      title: "keys.open",
      group: "keys.list",
      keys: ["o", "Enter"],
      keysOnly: true,
      run: () => {
        const row = rowAt(cursor ?? ids[0]);
        if (row !== undefined) open(row);
      },
    },
    {
      id: "list.pick",
      title: "keys.pick",
      group: "keys.list",
      keys: ["x"],
      keysOnly: true,
      run: () => (cursor === null ? undefined : select(cursor, false)),
    },
    {
      id: "list.search",
      title: "queue.search",
      group: "keys.list",
      keys: ["/"],
      run: () => typeInto(() => find.current),
    },
    {
      id: "list.back",
      title: "keys.back",
      group: "keys.list",
      keys: ["Escape"],
      keysOnly: true,
      run: () => {
        if (selected.size > 0) setSelected(new Set());
        else if (openNumber !== undefined) {
          clearTimeout(looking.current);
          void navigate({
            to: "/queues/$view",
            params: { view } as never,
            search: ((before: object) => before) as never,
          });
        }
      },
    },
    ...(openNumber === undefined
      ? ["r", "c", "a", "t"].map((key) =>
          deafKey(key, !worksOnTickets(account) ? t("action.off.role") : (past ?? t("keys.openFirst"))),
        )
      : []),
  ]);
  const title = saved?.name ?? (isText(`queue.${view}`) ? t(`queue.${view}` as TextKey) : view);
  useEffect(() => {
    document.title = `${title} · Docket`;
  }, [title]);
  const toggle = useRef(chosen.toggle);
  toggle.current = chosen.toggle;
  const toggleColumn = useCallback((id: string) => toggle.current(id), []);
  const chips = Object.keys(own);
  return (
    <div className={css["screen"]} ref={screen.ref} data-open={openNumber !== undefined}>
      <section className={css["pane"]} aria-label={title} data-changing={cards !== isNarrow}>
        <div className={css["head"]}>
          <h1>
            {title}
            {data === null || state.isBefore ? null : (
              <span className={css["total"]} data-total={data.total}>
                {numberText(data.total)}
                {data.capped ? "+" : ""}
              </span>
            )}
          </h1>
          {cards || (sort ?? defaultOrder(queue)) !== "nextDeadline" ? null : (
            <span className={css["order"]} title={t("queue.orderHint")}>
              {t("queue.order")}
            </span>
          )}
          <Suspense fallback={<div className={css["tools"]} data-later />}>
            <QueueTools
              queue={queue}
              own={own}
              filters={filters}
              q={q}
              sort={sort}
              columnIds={columnIds}
              toggleColumn={toggleColumn}
              saved={saved}
              cards={cards}
              find={find}
              onSearch={setSearch}
            />
          </Suspense>
        </div>
        {chips.length === 0 ? null : <QueueChips own={own} onSearch={setSearch} />}
        <div
          className={css["gridWrap"]}
          ref={list.ref}
          style={cards === isNarrow || list.width.current === 0 ? undefined : { width: list.width.current }}
        >
          {state.error !== undefined && data === null ? (
            <Failure error={state.error} retry={state.retry} />
          ) : data === null ? (
            <Loading rows={12} />
          ) : data.total === 0 ? (
            <Empty
              title={t(chips.length > 0 || q !== "" ? "queue.noMatch" : "queue.empty")}
              hint={t(chips.length > 0 || q !== "" ? "queue.noMatchHint" : "queue.emptyHint")}
            >
              {chips.length > 0 || q !== "" ? (
                <Button
                  variant="default"
                  size="xs"
                  onClick={() =>
                    setSearch({ q: undefined, ...Object.fromEntries(filterFields.map((field) => [field, undefined])) })
                  }
                >
                  {t("queue.clear")}
                </Button>
              ) : null}
            </Empty>
          ) : (
            <QueueList
              label={title}
              data={data}
              place={state.place}
              isBefore={state.isBefore}
              columns={shownColumns}
              cards={cards}
              rowHeight={rowHeight}
              names={names}
              at={asOf === null ? null : Date.parse(asOf)}
              cursor={cursor}
              opened={opened ?? null}
              selected={selected}
              news={news}
              presence={presence}
              sort={sort ?? defaultOrder(queue)}
              onSort={onSort}
              onShow={state.show}
              onCursor={setCursor}
              onOpen={open}
              onSelect={select}
            />
          )}
        </div>
        {asOf === null && (connection.state !== "live" || (data !== null && data.keptAt !== null)) ? (
          <StaleFoot
            since={data?.keptAt ?? ("since" in connection ? connection.since : null)}
            kept={data?.keptAt != null}
          />
        ) : null}
        {selected.size === 0 ? null : (
          <Suspense fallback={null}>
            <BulkBar
              tickets={[...selected]}
              total={data?.total ?? 0}
              onAll={async () => setSelected(new Set(await idsOf({ queue, filters, q, sort })))}
              stale={data?.keptAt != null}
              onDone={() => setSelected(new Set())}
            />
          </Suspense>
        )}
      </section>
      {openNumber === undefined ? null : (
        <div className={css["ticket"]}>
          <Outlet />
        </div>
      )}
    </div>
  );
}

/** How wide an element was when it was last looked at; nothing is drawn anew for it. */
function useWidth(): {
  readonly ref: React.RefObject<HTMLDivElement | null>;
  readonly width: { readonly current: number };
} {
  const ref = useRef<HTMLDivElement>(null);
  const width = useRef(0);
  useEffect(() => {
    if (ref.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => (width.current = entry?.contentRect.width ?? 0));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

/** Says how old the list is that is shown, for as long as nothing newer is told. */
function StaleFoot({ since, kept }: { readonly since: number | null; readonly kept: boolean }): React.ReactNode {
  const { t } = useText();
  const age = useTicking((now) => (since === null ? "–" : relativeTime(since, now)));
  return (
    <p className={css["foot"]} role="status" data-stale={kept ? "kept" : "lost"}>
      {t(kept ? "queue.kept" : "queue.stale", { at: since === null ? "–" : shortTime(since), age })}
    </p>
  );
}
