import type { TicketRow } from "@docket/api-contract";
import { ActionIcon, Button, Popover, TextInput } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useNames } from "../../api/directory.ts";
import { useActions } from "../../keys/registry.ts";
import { useConnection } from "../../live/context.ts";
import { useMoment } from "../../moment/moment.ts";
import { numberText, shortTime } from "../../text/format.ts";
import { isText } from "../../text/i18n.ts";
import type { TextKey } from "../../text/keys.ts";
import { useText } from "../../text/use-text.ts";
import { IconColumns, IconFilter, IconSearch, IconX } from "../../ui/icons.ts";
import { Empty, Failure, Loading } from "../../ui/states.tsx";
import { usePresence } from "../presence.ts";
import { columns as allColumns } from "./columns.tsx";
import { filterFields } from "./filter-fields.ts";
import { useColumnChoice } from "./column-choice.ts";
import { useMarks } from "./looked-at.ts";
import { QueueList } from "./queue-list.tsx";
import css from "./queue.module.css";
import { useSavedView, SaveView } from "./saved-views.tsx";
import { useQueueWindow } from "./window.ts";
import { laterPart } from "../../ui/later-part.ts";

const FilterForm = laterPart(() => import("./filters.tsx").then(({ FilterForm }) => FilterForm));
const ColumnMenu = laterPart(() => import("./column-menu.tsx").then(({ ColumnMenu }) => ColumnMenu));
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

/** One queue: its list, and beside it the ticket that is open. What is filtered and sorted stands in the address. */
export function QueueScreen(): React.ReactNode {
  const texts = useText();
  const { t } = texts;
  const navigate = useNavigate();
  const { view = "all-open", ticket: openNumber } = useParams({ strict: false }) as { view?: string; ticket?: string };
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const { asOf } = useMoment();
  const connection = useConnection();
  const names = useNames();
  const presence = usePresence();
  const saved = useSavedView(stockViews.includes(view) ? null : view);
  const queue = saved?.queue ?? view;
  const own: Record<string, string> = Object.fromEntries(
    filterFields.flatMap((field) => (typeof search[field] === "string" ? [[field, search[field]]] : [])),
  );
  const filters = { ...saved?.filter, ...own };
  const q = typeof search["q"] === "string" ? search["q"] : (saved?.q ?? "");
  const sort = typeof search["sort"] === "string" ? search["sort"] : (saved?.sort ?? undefined);
  const state = useQueueWindow({ queue, filters, q, sort });
  const { data } = state;
  const chosen = useColumnChoice(view, saved?.columns ?? null);
  const box = useElementSize();
  const cards = box.width > 0 && box.width < 760;
  const density = document.documentElement.dataset["density"];
  const rowHeight = cards ? 54 : density === "compact" ? 30 : density === "roomy" ? 44 : 36;
  const [cursor, setCursor] = useState<string | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const lastPicked = useRef<string | null>(null);
  const find = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  useEffect(() => {
    setSelected(new Set());
    setCursor(null);
  }, [view, JSON.stringify(filters), q]);
  const ids = data === null ? [] : [...data.order].sort(([a], [b]) => a - b).map(([, id]) => id);
  const opened = ids.find((id) => {
    const row = data?.rows.get(id);
    return row !== undefined && "number" in row && row.number === openNumber;
  });
  const { news, look } = useMarks(data);

  const setSearch = (change: Record<string, string | undefined>): void =>
    void navigate({
      to: ".",
      search: ((before: Record<string, unknown>) => ({ ...before, ...change })) as never,
      replace: true,
    });
  const open = useCallback(
    (row: TicketRow) => {
      look(row);
      void navigate({
        to: "/queues/$view/$ticket",
        params: { view, ticket: row.number } as never,
        search: ((before: object) => before) as never,
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
    if (openNumber !== undefined && row !== undefined) open(row);
  };
  const select = useCallback(
    (id: string, range: boolean) => {
      const from = lastPicked.current;
      lastPicked.current = id;
      setSelected((before) => {
        const after = new Set(before);
        const known = data === null ? [] : [...data.order].sort(([a], [b]) => a - b).map(([, each]) => each);
        const [a, b] = [from === null ? -1 : known.indexOf(from), known.indexOf(id)];
        if (range && a !== -1 && b !== -1)
          for (const each of known.slice(Math.min(a, b), Math.max(a, b) + 1)) after.add(each);
        else if (!after.delete(id)) after.add(id);
        return after;
      });
    },
    [data],
  );
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
    { id: "list.search", title: "queue.search", group: "keys.list", keys: ["/"], run: () => find.current?.focus() },
    {
      id: "list.back",
      title: "keys.back",
      group: "keys.list",
      keys: ["Escape"],
      keysOnly: true,
      run: () => {
        if (selected.size > 0) setSelected(new Set());
        else if (openNumber !== undefined)
          void navigate({
            to: "/queues/$view",
            params: { view } as never,
            search: ((before: object) => before) as never,
          });
      },
    },
  ]);
  const title = saved?.name ?? (isText(`queue.${view}`) ? t(`queue.${view}` as TextKey) : view);
  useEffect(() => {
    document.title = `${title} · Docket`;
  }, [title]);
  const shownColumns = allColumns.filter(({ id }) => chosen.ids.includes(id));
  const chips = Object.entries(own);
  return (
    <div className={css["screen"]} data-open={openNumber !== undefined}>
      <section className={css["pane"]} ref={box.ref} aria-label={title}>
        <div className={css["head"]}>
          <h1>
            {title}
            {data === null ? null : (
              <span className={css["total"]} data-total={data.total}>
                {numberText(data.total)}
                {data.capped ? "+" : ""}
              </span>
            )}
          </h1>
          <div className={css["tools"]}>
            <form
              role="search"
              onSubmit={(event) => {
                event.preventDefault();
                setSearch({ q: typed.trim() === "" ? undefined : typed.trim() });
              }}
            >
              <TextInput
                ref={find}
                className={css["search"] ?? ""}
                size="xs"
                type="search"
                aria-label={t("queue.search")}
                placeholder={t("queue.search")}
                leftSection={<IconSearch size={14} aria-hidden />}
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
                onBlur={() => setSearch({ q: typed.trim() === "" ? undefined : typed.trim() })}
              />
            </form>
            <Popover position="bottom-end" shadow="sm" withArrow trapFocus>
              <Popover.Target>
                <ActionIcon
                  variant={chips.length > 0 ? "light" : "default"}
                  aria-label={t("queue.filter")}
                  title={t("queue.filter")}
                >
                  <IconFilter size={16} />
                </ActionIcon>
              </Popover.Target>
              <Popover.Dropdown>
                <Suspense fallback={<Loading rows={4} />}>
                  <FilterForm names={names} values={own} onChange={setSearch} />
                </Suspense>
              </Popover.Dropdown>
            </Popover>
            {cards ? null : (
              <Popover position="bottom-end" shadow="sm" withArrow trapFocus>
                <Popover.Target>
                  <ActionIcon variant="default" aria-label={t("queue.columns")} title={t("queue.columns")}>
                    <IconColumns size={16} />
                  </ActionIcon>
                </Popover.Target>
                <Popover.Dropdown>
                  <Suspense fallback={<Loading rows={4} />}>
                    <ColumnMenu ids={chosen.ids} onToggle={chosen.toggle} />
                  </Suspense>
                </Popover.Dropdown>
              </Popover>
            )}
            <SaveView queue={queue} filters={filters} q={q} sort={sort} columns={chosen.ids} saved={saved} />
          </div>
        </div>
        {chips.length === 0 ? null : (
          <div className={css["chips"]}>
            {chips.map(([field, value]) => (
              <span key={field} className={css["chip"]}>
                {t(`filter.${field}` as TextKey)}: {describeFilter(field, value, texts, names)}
                <button
                  type="button"
                  aria-label={t("filter.remove", { name: t(`filter.${field}` as TextKey) })}
                  onClick={() => setSearch({ [field]: undefined })}
                >
                  <IconX size={12} aria-hidden />
                </button>
              </span>
            ))}
          </div>
        )}
        <div className={css["gridWrap"]}>
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
              sort={sort ?? "nextDeadline"}
              onSort={(by) => setSearch({ sort: by })}
              onShow={state.show}
              onCursor={setCursor}
              onOpen={open}
              onSelect={select}
            />
          )}
        </div>
        {connection.state !== "live" && asOf === null ? (
          <p className={css["foot"]}>
            {t("queue.stale", {
              at: "since" in connection && connection.since !== null ? shortTime(connection.since) : "–",
            })}
          </p>
        ) : null}
        {selected.size === 0 ? null : (
          <Suspense fallback={null}>
            <BulkBar
              tickets={[...selected]}
              ids={ids}
              total={data?.total ?? 0}
              onAll={() => setSelected(new Set(ids.slice(0, 1000)))}
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

function describeFilter(
  field: string,
  value: string,
  { term }: ReturnType<typeof useText>,
  names: ReturnType<typeof useNames>,
): string {
  return value
    .split(",")
    .map((each) => {
      if (field === "organizationId") return names.organization(each);
      if (field === "engineerId") return each === "none" ? "–" : names.person(each);
      if (field === "groupId") return names.group(each);
      const group = {
        status: "ticketStatus",
        type: "ticketType",
        priority: "priority",
        line: "line",
        channel: "channel",
        reactionState: "clockState",
        resolutionState: "clockState",
      }[field];
      return group === undefined ? each : term(group, each);
    })
    .join(", ");
}
