import { Button, Select } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useNames } from "../api/directory.ts";
import { useMoment } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { allPriorities, channels, ticketStatuses, ticketTypes } from "../ui/ticket-types.ts";
import { now } from "../time/now.ts";
import { DayField } from "../ui/day-field.tsx";
import { IconX } from "../ui/icons.ts";
import { useFilterWords } from "./filter-words.ts";
import css from "./insight.module.css";
import { dayOf, otherPeriod, type Comparison } from "./period.ts";

export interface Scope {
  readonly from: string;
  /** exclusive */
  readonly to: string;
  /** the period beside it, when two are compared */
  readonly other: { readonly from: string; readonly to: string } | null;
  readonly compare: Comparison;
  /** filters in the reports' own names */
  readonly filters: Readonly<Record<string, string>>;
  readonly search: Readonly<Record<string, string>>;
  set(change: Readonly<Record<string, string | undefined>>): void;
}

const day = 86_400_000;
const usualDays = 30;
/** every dimension that may stand in the address as a filter */
const filterNames = [
  "organization",
  "type",
  "priority",
  "line",
  "contract",
  "group",
  "engineer",
  "channel",
  "status",
  "product",
  "closedBecause",
  "requester",
  "topic",
  "age",
  "reactionTime",
  "resolutionTime",
  "reason",
  "fromStatus",
  "toStatus",
  "hour",
  "weekday",
  "day",
  "week",
  "month",
  "quarter",
  "year",
  "workingHour",
  "workingDay",
  "workingWeek",
  "workingMonth",
] as const;
const first = ["organization", "type", "priority", "line"] as const;
const further = ["contract", "group", "engineer", "channel", "status"] as const;
const chosen: readonly string[] = [...first, ...further];
const comparisons = ["none", "before", "year", "own"] as const;

/**
 * What the figures are about: a period, another one beside it, and filters, all in the address. The usual period is the thirty days up to
 * the moment shown; `days` stays as many days up to whatever moment is shown, so that a saved question does not grow old.
 */
export function useScope(): Scope {
  const all = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const { asOf } = useMoment();
  const search = Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      value === undefined || value === "" || name === "asOf" ? [] : [[name, String(value as string | number)]],
    ),
  );
  const end = asOf === null ? now() : Date.parse(asOf);
  const days = Number(search["days"] ?? usualDays) || usualDays;
  const from = search["from"] ?? dayOf(end - (days - 1) * day);
  const to = search["to"] ?? dayOf(end + day);
  const asked = search["compare"] === "1" ? "before" : search["compare"];
  const compare = comparisons.find((each) => each === asked) ?? "none";
  return {
    from,
    to,
    compare,
    other: otherPeriod(compare, from, to, search["from2"]),
    filters: Object.fromEntries(
      filterNames.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])),
    ),
    search,
    set: (change) =>
      void navigate({
        to: ".",
        replace: true,
        search: ((before: object) => ({
          ...before,
          ...Object.fromEntries(
            Object.entries(change).map(([name, value]) => [name, value === "" ? undefined : value]),
          ),
        })) as never,
      }),
  };
}

const periods = [
  ["insight.days7", 7],
  ["insight.days30", 30],
  ["insight.days90", 90],
  ["insight.days365", 365],
] as const;

interface BarProps {
  readonly scope: Scope;
  /** two periods may stand beside each other here */
  readonly compares?: boolean;
  readonly children?: React.ReactNode;
}

/** The controls of the scope; the same on every screen of figures. */
export function ScopeBar({ scope, compares = false, children }: BarProps): React.ReactNode {
  const { t } = useText();
  const { filters, search, set } = scope;
  const [more, setMore] = useState(further.some((name) => filters[name] !== undefined));
  const lastDay = dayOf(Date.parse(scope.to) - day / 2);
  const days = search["from"] === undefined && search["to"] === undefined ? (search["days"] ?? String(usualDays)) : "";
  return (
    <form className={css["scope"]} onSubmit={(event) => event.preventDefault()} aria-label={t("insight.scope")}>
      <DayField
        label={t("insight.from")}
        value={scope.from}
        max={lastDay}
        onChange={(from) => set({ from, to: scope.to, days: undefined })}
      />
      <DayField
        label={t("insight.to")}
        value={lastDay}
        min={scope.from}
        onChange={(last) =>
          last === "" ? undefined : set({ from: scope.from, to: dayOf(Date.parse(last) + day * 1.5), days: undefined })
        }
      />
      <span className={css["quick"]} role="group" aria-label={t("insight.period")}>
        {periods.map(([title, length]) => (
          <Button
            key={length}
            size="xs"
            variant={days === String(length) ? "light" : "default"}
            aria-pressed={days === String(length)}
            onClick={() => set({ days: String(length), from: undefined, to: undefined })}
          >
            {t(title)}
          </Button>
        ))}
      </span>
      {compares ? <Compare scope={scope} /> : null}
      {[...first, ...(more ? further : [])].map((name) => (
        <FilterSelect key={name} name={name} value={filters[name]} onChange={(value) => set({ [name]: value })} />
      ))}
      {more ? null : (
        <Button size="xs" variant="subtle" className={css["more"] ?? ""} onClick={() => setMore(true)}>
          {t("insight.moreFilters")}
        </Button>
      )}
      {children}
      <Chips filters={filters} drop={(name) => set({ [name]: undefined })} />
    </form>
  );
}

function FilterSelect({
  name,
  value,
  onChange,
}: {
  readonly name: (typeof first)[number] | (typeof further)[number];
  readonly value: string | undefined;
  onChange(value: string | undefined): void;
}): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const entries = (list: readonly { readonly id: string; readonly name: string }[]) =>
    list.map((entry) => ({ value: entry.id, label: entry.name }));
  const words = (group: string, keys: readonly string[]) =>
    keys.map((key) => ({ value: key, label: term(group, key) }));
  const options = {
    organization: () => entries(names.organizations),
    contract: () => entries(names.contracts),
    group: () => entries(names.groups),
    engineer: () => entries(names.staff),
    type: () => words("ticketType", ticketTypes),
    priority: () => words("priority", allPriorities),
    line: () => words("line", ["1", "2", "3"]),
    channel: () => words("channel", channels),
    status: () => words("ticketStatus", ticketStatuses),
  }[name]();
  return (
    <Select
      size="xs"
      label={t(`insight.${name}`)}
      placeholder={t("insight.any")}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("insight.drop") }}
      data={options}
      value={value ?? null}
      onChange={(wanted) => onChange(wanted ?? undefined)}
    />
  );
}

/** What is narrowed without a field of its own: by opening a row of a table. */
function Chips({ filters, drop }: { readonly filters: Scope["filters"]; drop(name: string): void }): React.ReactNode {
  const { t } = useText();
  const words = useFilterWords();
  const shown = Object.entries(filters).filter(([name]) => !chosen.includes(name));
  if (shown.length === 0) return null;
  return (
    <ul className={css["chips"]} aria-label={t("insight.narrowed")}>
      {shown.map(([name, value]) => (
        <li key={name}>
          {words(name, value)}
          <button type="button" aria-label={`${t("insight.drop")}: ${words(name, value)}`} onClick={() => drop(name)}>
            <IconX size={13} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Compare({ scope }: { readonly scope: Scope }): React.ReactNode {
  const { t } = useText();
  const { compare, other, set } = scope;
  return (
    <>
      <Select
        size="xs"
        label={t("insight.compare")}
        allowDeselect={false}
        value={compare}
        data={comparisons.map((value) => ({ value, label: t(`insight.compare.${value}`) }))}
        onChange={(value) =>
          set({
            compare: value === "none" || value === null ? undefined : value,
            from2: value === "own" ? (other?.from ?? scope.from) : undefined,
          })
        }
      />
      {compare === "own" ? (
        <DayField label={t("insight.from2")} value={other?.from ?? ""} onChange={(from2) => set({ from2 })} />
      ) : null}
    </>
  );
}
