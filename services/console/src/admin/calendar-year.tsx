import type { DirectoryEntry } from "@docket/api-contract";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useMoment, useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { Stale } from "../ui/shown.tsx";
import { Failure, Loading } from "../ui/states.tsx";
import { dayByKey, type Day } from "./calendar-days.ts";
import css from "./calendar.module.css";
import { DayPanel } from "./day-panel.tsx";

interface Year {
  readonly zone: string;
  readonly workingDays: number;
  readonly days: readonly Day[];
}

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const kindsOfDay = ["working", "off", "holiday", "declared_working", "shortened"] as const;

/**
 * Every day of a year, month by month; what kind of day it is stands there as a colour and as a letter. One day has the focus
 * and is left by keys; the one that is opened stands in the address.
 */
export function CalendarYear({ entry }: { readonly entry: DirectoryEntry }): React.ReactNode {
  const { id } = entry;
  const { t, language } = useText();
  const { asOf } = useMoment();
  const navigate = useNavigate();
  const grid = useRef<HTMLDivElement>(null);
  const { year: asked, day: open } = useSearch({ strict: false }) as { year?: string | number; day?: string };
  const year = Number(asked ?? (asOf === null ? new Date() : new Date(asOf)).getFullYear());
  const read = useRead<Year>(`/calendars/${encodeURIComponent(id)}/year/${year}`, { timeless: true });
  const say = (date: string, form: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language === "ru" ? "ru-RU" : "en-GB", { ...form, timeZone: "UTC" }).format(
      Date.parse(date),
    );
  const today = new Date().toISOString().slice(0, 10);
  const [walked, setWalked] = useState<string>();
  const focused = [walked, open, today].find((date) => date?.startsWith(`${year}-`)) ?? `${year}-01-01`;
  const show = (day: string | undefined): void =>
    void navigate({ to: ".", search: ((before: object) => ({ ...before, day })) as never });
  const focus = (date: string): void =>
    grid.current?.querySelector<HTMLElement>(`[data-date="${date}"] button`)?.focus();
  const walk = (event: React.KeyboardEvent): void => {
    const next = dayByKey(event.key, focused);
    if (next === null) return;
    event.preventDefault();
    setWalked(next);
    focus(next);
  };
  const opened = read.data?.days.find(({ date }) => date === open);
  const step = (to: number): React.ReactNode => (
    <Link
      to="."
      search={((before: Record<string, unknown>) => ({ ...before, year: to })) as never}
      aria-label={t(to < year ? "admin.year.before" : "admin.year.after", { year: to })}
    >
      {to < year ? `← ${to}` : `${to} →`}
    </Link>
  );
  return (
    <section className={css["year"]} aria-labelledby="calendar-year">
      <header>
        <h2 id="calendar-year">{t("admin.year.title", { year })}</h2>
        {step(year - 1)}
        {step(year + 1)}
        {read.data === undefined ? null : (
          <span>
            {t("admin.year.workingDays", { days: read.data.workingDays })} · {read.data.zone}
          </span>
        )}
      </header>
      <Stale of={read} />
      {read.isError && read.data === undefined ? (
        <Failure error={read.error} retry={() => void read.refetch()} />
      ) : read.data === undefined ? (
        <Loading rows={8} />
      ) : (
        <>
          <ul className={css["legend"]}>
            {kindsOfDay.map((kind) => (
              <li key={kind}>
                <b className={css["sign"]} data-kind={kind}>
                  {letterOf(t, kind) || "1"}
                </b>{" "}
                {t(`admin.dayKind.${kind}`)}
              </li>
            ))}
          </ul>
          {opened === undefined ? null : (
            <DayPanel
              entry={entry}
              day={opened}
              title={say(opened.date, { weekday: "long", day: "numeric", month: "long", year: "numeric" })}
              onClose={() => {
                show(undefined);
                focus(opened.date);
              }}
            />
          )}
          <p className={css["keys"]}>{t("admin.day.keys")}</p>
          <div className={css["months"]} ref={grid} onKeyDown={walk}>
            {months(read.data.days).map((days) => (
              <table key={days[0]?.date} className={css["month"]}>
                <caption>{say(days[0]?.date ?? "", { month: "long" })}</caption>
                <thead>
                  <tr>
                    {weekdays.map((day) => (
                      <th key={day} scope="col">
                        {t(`admin.day.${day}`)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {weeks(days).map((week, place) => (
                    <tr key={place}>
                      {week.map((day, column) =>
                        day === null ? (
                          <td key={column} />
                        ) : (
                          <td key={column} data-kind={day.kind} data-date={day.date}>
                            <button
                              type="button"
                              tabIndex={day.date === focused ? 0 : -1}
                              aria-pressed={day.date === open}
                              aria-label={`${say(day.date, { day: "numeric", month: "long" })}, ${titleOf(t, day)}`}
                              title={titleOf(t, day)}
                              onFocus={() => setWalked(day.date)}
                              onClick={() => show(day.date === open ? undefined : day.date)}
                            >
                              {Number(day.date.slice(8))}
                            </button>
                            <sup aria-hidden>{letterOf(t, day.kind)}</sup>
                          </td>
                        ),
                      )}
                    </tr>
                  ))}
                </tbody>
              </table>
            ))}
          </div>
          <ul className={css["names"]}>
            {named(read.data.days).map(([name, dates]) => (
              <li key={name}>
                {name}: {dates.map((date) => say(date, { day: "numeric", month: "short" })).join(", ")}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

type Say = ReturnType<typeof useText>["t"];
const letterOf = (t: Say, kind: Day["kind"]): string => (kind === "working" ? "" : t(`admin.dayLetter.${kind}`));

function titleOf(t: Say, { kind, name, reason, open }: Day): string {
  const hours = open.map((span) => span.join("–")).join(", ");
  return [t(`admin.dayKind.${kind}`), name, reason, hours].filter((part) => part !== null && part !== "").join(", ");
}

function months(days: readonly Day[]): readonly Day[][] {
  return [...Map.groupBy(days, ({ date }) => date.slice(0, 7)).values()];
}

/** Rows of seven from Monday on; null where the month has no day. */
function weeks(days: readonly Day[]): (Day | null)[][] {
  const blank = (new Date(days[0]?.date ?? "").getUTCDay() + 6) % 7;
  const cells: (Day | null)[] = [...Array.from({ length: blank }, () => null), ...days];
  return Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

function named(days: readonly Day[]): [string, string[]][] {
  const dates = new Map<string, string[]>();
  for (const { name, reason, date, kind } of days)
    // a holiday on which this calendar works as on any other day is none of its own
    for (const why of kind === "working" ? [reason] : [name, reason])
      if (why !== null) dates.set(why, [...(dates.get(why) ?? []), date]);
  return [...dates];
}
