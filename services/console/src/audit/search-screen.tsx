import { Button, MultiSelect, Select } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Query } from "../api/client.ts";
import { useNames } from "../api/directory.ts";
import { eventTypes, isText, termKeys } from "../text/i18n.ts";
import type { TextKey } from "../text/keys.ts";
import { useText } from "../text/use-text.ts";
import { dayWritten } from "../ui/day-text.ts";
import { FactLine } from "../ui/fact-line.tsx";
import { More } from "../ui/more.tsx";
import { Shown } from "../ui/shown.tsx";
import { Empty } from "../ui/states.tsx";
import css from "./audit.module.css";
import { listOf, useConditions } from "./conditions.ts";
import { FoundHead, useFound } from "./found.tsx";
import { InstantInput, instantOf } from "./instant-input.tsx";
import { Typed } from "./typed.tsx";

interface Entry {
  readonly eventId: string;
  readonly stream: string;
  readonly streamKind: string;
  readonly number: string | null;
  readonly revision: number;
  readonly position: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actorId: string;
  readonly actorRole: string;
  readonly actorName: string | null;
  readonly channel: string;
  readonly changed: readonly string[];
  readonly hash: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const conditions = ["q", "ticket", "type", "actorId", "actorRole", "channel", "changed", "from", "to", "time"] as const;
type Search = Partial<Record<(typeof conditions)[number], string>>;

/** The conditions of the address in the API's own names. */
function queryOf({ from, to, time, ...rest }: Search): Query {
  const column = time === "occurred" ? "occurredAt" : "recordedAt";
  return { ...rest, [`${column}.from`]: instantOf(from), [`${column}.to`]: instantOf(to) };
}

/** The search over everything that was ever recorded; all conditions stand in the address. */
export function SearchScreen(): React.ReactNode {
  const { t, term, eventTitle } = useText();
  const { search, moment, set, show } = useConditions("/audit", conditions);
  const query = { ...queryOf(search), ...moment };
  useEffect(() => {
    document.title = `${t("audit.searchTitle")} · Docket`;
  }, [t]);
  const found = useFound<Entry>("/journal", query);
  const first = found.data?.pages[0];
  return (
    <div className={css["search"]}>
      <FoundHead
        title={t("audit.searchTitle")}
        first={first}
        path="/journal"
        query={query}
        formats={["csv", "jsonl"]}
        saved={{ area: "trail", current: search, onOpen: show }}
      />
      <Conditions search={search} set={set} clear={() => show({})} />
      <Shown of={found} rows={12}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={t("audit.none")} hint={t("audit.noneHint")} />;
          return (
            <ol className={css["facts"]}>
              {items.map((entry) => (
                <li key={entry.eventId}>
                  <FactLine
                    fact={{
                      ...entry,
                      actor: { id: entry.actorId, role: entry.actorRole, name: entry.actorName },
                    }}
                    change={
                      <>
                        {entry.number === null ? (
                          <About stream={entry.stream} kind={entry.streamKind} />
                        ) : (
                          <Link
                            to="/audit/replay/$ticket"
                            params={{ ticket: entry.number } as never}
                            search={{ step: entry.revision + 1 } as never}
                          >
                            {entry.number}
                          </Link>
                        )}
                        {entry.changed.length === 0
                          ? null
                          : ` · ${entry.changed.map((field) => term("changedField", field)).join(", ")}`}
                      </>
                    }
                    title={eventTitle(entry.type)}
                  />
                </li>
              ))}
            </ol>
          );
        }}
      </Shown>
      <More of={found} />
    </div>
  );
}

interface ConditionsProps {
  readonly search: Search;
  set(change: Search): void;
  clear(): void;
}

function Conditions({ search, set, clear }: ConditionsProps): React.ReactNode {
  const { t, term, eventTitle } = useText();
  const options = (keys: readonly string[], word: (key: string) => string) =>
    keys.map((value) => ({ value, label: word(value) })).toSorted((a, b) => a.label.localeCompare(b.label));
  const several = (
    name: "type" | "actorRole" | "channel" | "changed",
    label: string,
    data: { value: string; label: string }[],
  ) => (
    <MultiSelect
      size="xs"
      label={label}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("audit.clear") }}
      value={listOf(search[name])}
      data={data}
      onChange={(values) => set({ [name]: values.join(",") })}
    />
  );
  return (
    <form className={css["conditions"]} role="search" onSubmit={(event) => event.preventDefault()}>
      <Typed label={t("audit.words")} value={search.q} onChange={(q) => set({ q })} />
      <Typed label={t("audit.ticket")} value={search.ticket} onChange={(ticket) => set({ ticket })} />
      {several("type", t("audit.type"), options(eventTypes(), eventTitle))}
      <Actor value={search.actorId} onChange={(actorId) => set({ actorId })} />
      {several(
        "actorRole",
        t("audit.role"),
        options(termKeys("role"), (key) => term("role", key)),
      )}
      {several(
        "channel",
        t("audit.channel"),
        options(termKeys("channel"), (key) => term("channel", key)),
      )}
      {several(
        "changed",
        t("audit.changed"),
        options(termKeys("changedField"), (key) => term("changedField", key)),
      )}
      <Select
        size="xs"
        label={t("audit.byTime")}
        allowDeselect={false}
        value={search.time ?? "recorded"}
        data={[
          { value: "recorded", label: t("audit.recorded") },
          { value: "occurred", label: t("audit.occurred") },
        ]}
        onChange={(time) => set({ time: time === "occurred" ? "occurred" : "" })}
      />
      <InstantInput label={t("audit.from")} value={search.from} onChange={(value) => set({ from: value })} />
      <InstantInput label={t("audit.to")} value={search.to} onChange={(value) => set({ to: value })} />
      <Button size="xs" variant="default" onClick={clear}>
        {t("audit.clear")}
      </Button>
    </form>
  );
}

/** Somebody of the staff by his name, or anybody by his identifier. */
function Actor({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  onChange(id: string): void;
}): React.ReactNode {
  const { t } = useText();
  const { staff } = useNames();
  const [typed, setTyped] = useState("");
  const known = staff.map(({ id, name }) => ({ value: id, label: name }));
  const others = [value ?? "", typed.trim()].filter((id) => id !== "" && !known.some((each) => each.value === id));
  const unnamed = [...new Set(others)]
    .filter((id) => id === value || !known.some(({ label }) => label.toLowerCase().includes(id.toLowerCase())))
    .map((id) => ({ value: id, label: id }));
  return (
    <Select
      size="xs"
      label={t("audit.actor")}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("audit.clear") }}
      limit={100}
      data={[...known, ...unnamed]}
      value={value ?? null}
      onSearchChange={setTyped}
      onChange={(id) => onChange(id ?? "")}
    />
  );
}

/** What a fact is about, when it is no ticket: by its name, where it has one. */
function About({ stream, kind }: { readonly stream: string; readonly kind: string }): React.ReactNode {
  const { t, language } = useText();
  const names = useNames();
  const id = stream.slice(kind.length + 1);
  if (kind === "contact")
    return (
      <Link to="/intake/$contact" params={{ contact: id } as never} title={stream}>
        {t("audit.stream.contact")} {id.slice(0, 8)}
      </Link>
    );
  const nameOf: Readonly<Record<string, (id: string) => string>> = {
    organization: names.organization,
    contract: names.contract,
    staff: names.person,
    group: names.group,
    access: () => dayWritten(id, language),
    calendar: () => id,
    plan: () => id,
  };
  return (
    <span className={css["stream"]} title={stream}>
      {isText(`audit.stream.${kind}`) ? t(`audit.stream.${kind}` as TextKey) : kind} {nameOf[kind]?.(id) ?? ""}
    </span>
  );
}
