import { Link, useSearch } from "@tanstack/react-router";
import { useMoment, useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { Stale } from "../ui/shown.tsx";
import { Failure, Loading } from "../ui/states.tsx";
import css from "./calendar.module.css";

interface Day {
  readonly date: string;
  readonly kind: "working" | "off" | "declared_working" | "holiday" | "shortened";
  readonly name: string | null;
  readonly open: readonly (readonly [string, string])[];
}
interface Year {
  readonly zone: string;
  readonly workingDays: number;
  readonly days: readonly Day[];
}

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const kindsOfDay = ["working", "off", "holiday", "declared_working", "shortened"] as const;

/** Every day of a year, month by month; what kind of day it is stands there as a colour and as a letter. */
export function CalendarYear({ id }: { readonly id: string }): React.ReactNode {
  const { t, language } = useText();
  const { asOf } = useMoment();
  const { year: asked } = useSearch({ strict: false }) as { year?: string | number };
  const year = Number(asked ?? (asOf === null ? new Date() : new Date(asOf)).getFullYear());
  const read = useRead<Year>(`/calendars/${encodeURIComponent(id)}/year/${year}`, { timeless: true });
  const say = (date: string, form: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language === "ru" ? "ru-RU" : "en-GB", { ...form, timeZone: "UTC" }).format(
      Date.parse(date),
    );
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
          <div className={css["months"]}>
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
                          <td key={column} data-kind={day.kind} data-date={day.date} title={titleOf(t, day)}>
                            {Number(day.date.slice(8))}
                            <sup>{letterOf(t, day.kind)}</sup>
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

function titleOf(t: Say, { kind, name, open }: Day): string {
  const hours = open.map((span) => span.join("–")).join(", ");
  return [t(`admin.dayKind.${kind}`), name, hours].filter((part) => part !== null && part !== "").join(", ");
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
  for (const { name, date } of days) if (name !== null) dates.set(name, [...(dates.get(name) ?? []), date]);
  return [...dates];
}
