import { ActionIcon, Popover, TextInput } from "@mantine/core";
import { memo, Suspense, useEffect, useState } from "react";
import { useNames, type Names } from "../../api/directory.ts";
import type { TextKey } from "../../text/keys.ts";
import { useText, type Texts } from "../../text/use-text.ts";
import { IconColumns, IconFilter, IconSearch, IconX } from "../../ui/icons.ts";
import { laterPart } from "../../ui/later-part.ts";
import { Loading } from "../../ui/states.tsx";
import css from "./queue.module.css";
import { SaveView, type SavedView } from "./saved-views.tsx";

const FilterForm = laterPart(() => import("./filters.tsx").then(({ FilterForm }) => FilterForm));
const ColumnMenu = laterPart(() => import("./column-menu.tsx").then(({ ColumnMenu }) => ColumnMenu));

type Search = (change: Record<string, string | undefined>) => void;
type Own = Readonly<Record<string, string>>;

interface QueueToolsProps {
  readonly queue: string;
  /** what the address narrows the list by */
  readonly own: Own;
  /** the same with what the saved view brings */
  readonly filters: Own;
  readonly q: string;
  readonly sort: string | undefined;
  /** ids with commas between them */
  readonly columnIds: string;
  readonly toggleColumn: (id: string) => void;
  readonly saved: SavedView | undefined;
  readonly cards: boolean;
  readonly find: React.RefObject<HTMLInputElement | null>;
  readonly onSearch: Search;
}

/** Search, filter, columns, view. Drawn only when one of them changes: the list beside it changes ten times a second. */
export const QueueTools = memo(function QueueTools(props: QueueToolsProps): React.ReactNode {
  const { queue, own, filters, q, sort, columnIds, toggleColumn, saved, cards, find, onSearch } = props;
  const { t } = useText();
  const names = useNames();
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  const search = (): void => {
    const wanted = typed.trim();
    if (wanted !== q) onSearch({ q: wanted === "" ? undefined : wanted });
  };
  const columns = columnIds.split(",");
  return (
    <div className={css["tools"]}>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          search();
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
          onBlur={search}
        />
      </form>
      <Popover position="bottom-end" shadow="sm" withArrow trapFocus>
        <Popover.Target>
          <ActionIcon
            variant={Object.keys(own).length > 0 ? "light" : "default"}
            aria-label={t("queue.filter")}
            title={t("queue.filter")}
            data-filter
          >
            <IconFilter size={16} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown>
          <Suspense fallback={<Loading rows={4} />}>
            <FilterForm names={names} values={own} onChange={onSearch} />
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
              <ColumnMenu ids={columns} onToggle={toggleColumn} />
            </Suspense>
          </Popover.Dropdown>
        </Popover>
      )}
      <SaveView queue={queue} filters={filters} q={q} sort={sort} columns={columns} saved={saved} />
    </div>
  );
});

interface QueueChipsProps {
  readonly own: Own;
  readonly onSearch: Search;
}

/** What the list is narrowed by, each with a way to drop it. */
export const QueueChips = memo(function QueueChips({ own, onSearch }: QueueChipsProps): React.ReactNode {
  const texts = useText();
  const { t } = texts;
  const names = useNames();
  return (
    <div className={css["chips"]}>
      {Object.entries(own).map(([field, value]) => (
        <span key={field} className={css["chip"]} data-chip={field}>
          {t(`filter.${field}` as TextKey)}: {describeFilter(field, value, texts, names)}
          <button
            type="button"
            aria-label={t("filter.remove", { name: t(`filter.${field}` as TextKey) })}
            onClick={() => onSearch({ [field]: undefined })}
          >
            <IconX size={12} aria-hidden />
          </button>
        </span>
      ))}
    </div>
  );
});

function describeFilter(field: string, value: string, { term }: Texts, names: Names): string {
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
