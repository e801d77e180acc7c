import { ActionIcon, Popover, TextInput } from "@mantine/core";
import { memo, Suspense, useEffect, useState } from "react";
import { useNames } from "../../api/directory.ts";
import { useText } from "../../text/use-text.ts";
import { IconColumns, IconFilter, IconSearch } from "../../ui/icons.ts";
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
