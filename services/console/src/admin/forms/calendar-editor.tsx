import type { CalendarEntry } from "@docket/domain";
import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useText } from "../../text/use-text.ts";
import css from "../policy.module.css";
import { faultOf } from "./field-input.tsx";
import { PickOne } from "./references.tsx";

export type CalendarBody = CalendarEntry["versions"][number]["calendar"];
type Weekly = NonNullable<CalendarBody["weeklyHours"]>;
type Span = readonly [string, string];

interface CalendarEditorProps {
  readonly calendar: CalendarBody;
  readonly onChange: (calendar: CalendarBody) => void;
  readonly faults: ReadonlyMap<string, string>;
}

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const kinds = ["off", "working", "shortened"] as const;
type ExceptionKind = (typeof kinds)[number];
interface Exception {
  readonly date: string;
  readonly kind: ExceptionKind;
  /** hours of a working day, minutes cut from a shortened one */
  readonly said: string;
}

export const usualCalendar: CalendarBody = {
  tz: "Europe/Moscow",
  weeklyHours: Object.fromEntries(
    (["mon", "tue", "wed", "thu", "fri"] as const).map((day) => [day, [["09:00", "18:00"]]]),
  ) as unknown as Weekly,
};

const said = (spans: readonly Span[] | undefined): string => (spans ?? []).map((span) => span.join("–")).join(", ");
/** `09:00–13:00, 14:00–18:00`; what cannot be read so is null. */
function spansOf(text: string): Span[] | null {
  const spans = text.split(/[,;]+/u).filter((part) => part.trim() !== "");
  const read = spans.map((part) => /^\s*(\d\d:\d\d)\s*[–—-]\s*(\d\d:\d\d)\s*$/u.exec(part));
  return read.includes(null) ? null : read.map((found): Span => [found?.[1] ?? "", found?.[2] ?? ""]);
}

export const calendarIsSound = (calendar: CalendarBody): boolean =>
  calendar["24x7"] === true || (calendar.weeklyHours !== undefined && (calendar.tz ?? "") !== "");

/** A calendar's zone, its week, and the days that are otherwise. */
export function CalendarEditor({ calendar, onChange, faults }: CalendarEditorProps): React.ReactNode {
  const { t } = useText();
  const always = calendar["24x7"] === true;
  const zones = Intl.supportedValuesOf("timeZone").map((zone) => ({ value: zone, label: zone }));
  return (
    <div className={css["policy"]}>
      <div className={css["row"]}>
        <PickOne
          label={t("admin.field.zone")}
          required
          choices={zones}
          error={faultOf(faults, "calendar.tz")}
          value={calendar.tz ?? ""}
          onChange={(tz) => onChange({ ...calendar, tz })}
        />
        <Checkbox
          size="xs"
          label={t("admin.always")}
          checked={always}
          onChange={(event) => {
            const { weeklyHours: _hours, "24x7": _always, ...rest } = calendar;
            onChange(
              event.currentTarget.checked
                ? { ...rest, "24x7": true }
                : { ...rest, weeklyHours: usualCalendar.weeklyHours as Weekly },
            );
          }}
        />
      </div>
      {always ? null : (
        <fieldset className={css["row"]}>
          <legend>{t("admin.week")}</legend>
          {weekdays.map((day) => (
            <HoursInput
              key={day}
              label={t(`admin.day.${day}`)}
              placeholder={t("admin.dayKind.off")}
              value={calendar.weeklyHours?.[day] as readonly Span[] | undefined}
              fault={faultOf(faults, `calendar.weeklyHours.${day}`)}
              onChange={(spans) => {
                const { [day]: _before, ...others } = calendar.weeklyHours ?? {};
                onChange({
                  ...calendar,
                  weeklyHours: (spans.length === 0 ? others : { ...others, [day]: spans }) as Weekly,
                });
              }}
            />
          ))}
        </fieldset>
      )}
      <Exceptions calendar={calendar} onChange={onChange} faults={faults} />
    </div>
  );
}

interface HoursInputProps {
  readonly label: string;
  readonly placeholder?: string;
  readonly value: readonly Span[] | undefined;
  readonly fault: string | undefined;
  readonly onChange: (spans: Span[]) => void;
}

/** Hours as people write them; they are taken when they can be read. */
function HoursInput({ label, placeholder, value, fault, onChange }: HoursInputProps): React.ReactNode {
  const { t } = useText();
  const [typed, setTyped] = useState(said(value));
  const unreadable = spansOf(typed) === null;
  return (
    <TextInput
      size="xs"
      label={label}
      {...(placeholder === undefined ? {} : { placeholder })}
      error={unreadable ? t("admin.hoursHint") : fault}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        const spans = spansOf(event.currentTarget.value);
        if (spans !== null) onChange(spans);
      }}
    />
  );
}

/** The days of a year that are not as the week says: off, working all the same, or shorter. */
function Exceptions({ calendar, onChange, faults }: CalendarEditorProps): React.ReactNode {
  const { t } = useText();
  const all = exceptionsOf(calendar);
  const years = [...new Set([...all.map(({ date }) => date.slice(0, 4)), String(new Date().getFullYear())])].toSorted();
  const [year, setYear] = useState(String(new Date().getFullYear()));
  const [next, setNext] = useState<Exception>({ date: "", kind: "off", said: "" });
  const put = (list: readonly Exception[]): void => onChange(withExceptions(calendar, list));
  const wrong =
    next.kind === "working" ? spansOf(next.said) === null : next.kind === "shortened" && !/^\d{1,4}$/u.test(next.said);
  return (
    <fieldset className={css["chain"]}>
      <legend>{t("admin.exceptions")}</legend>
      <Select
        size="xs"
        w={120}
        label={t("admin.ofYear")}
        allowDeselect={false}
        data={years}
        value={year}
        onChange={(value) => setYear(value ?? year)}
      />
      <ul className={css["exceptions"]}>
        {all
          .filter(({ date }) => date.startsWith(year))
          .map((one) => ({ one, ...one }))
          .map(({ one: shown, date, kind, said: how }) => (
            <li key={`${date}${kind}`}>
              <span>{date}</span> {t(`admin.exception.${kind}`)}
              {kind === "working" ? `: ${how}` : kind === "shortened" ? `: ${how} ${t("admin.minutes")}` : ""}{" "}
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                aria-label={`${t("admin.remove")}: ${date}`}
                onClick={() => put(all.filter((one) => one !== shown))}
              >
                ×
              </Button>
            </li>
          ))}
      </ul>
      <div className={css["step"]} role="group" aria-label={t("admin.addException")}>
        <TextInput
          size="xs"
          type="date"
          label={t("admin.date")}
          error={faultOf(faults, "calendar.nonWorkingDates") ?? faultOf(faults, "calendar.workingDates")}
          value={next.date}
          onChange={(event) => setNext({ ...next, date: event.currentTarget.value })}
        />
        <Select
          size="xs"
          label={t("admin.dayIs")}
          allowDeselect={false}
          data={kinds.map((kind) => ({ value: kind, label: t(`admin.exception.${kind}`) }))}
          value={next.kind}
          onChange={(kind) =>
            setNext({
              ...next,
              kind: kind as ExceptionKind,
              said: { off: "", working: "09:00–18:00", shortened: "60" }[kind as ExceptionKind],
            })
          }
        />
        {next.kind === "off" ? null : (
          <TextInput
            size="xs"
            label={t(next.kind === "working" ? "admin.openHours" : "admin.shorterBy")}
            error={wrong ? t(next.kind === "working" ? "admin.hoursHint" : "admin.numberHint") : undefined}
            value={next.said}
            onChange={(event) => setNext({ ...next, said: event.currentTarget.value })}
          />
        )}
        <Button
          size="compact-xs"
          variant="default"
          disabled={next.date === "" || wrong}
          onClick={() => {
            put([...all.filter((one) => one.date !== next.date), next]);
            setYear(next.date.slice(0, 4));
            setNext({ ...next, date: "" });
          }}
        >
          {t("admin.addException")}
        </Button>
      </div>
    </fieldset>
  );
}

const exceptionsOf = (calendar: CalendarBody): readonly Exception[] =>
  [
    ...(calendar.nonWorkingDates ?? []).map((date): Exception => ({ date, kind: "off", said: "" })),
    ...(calendar.workingDates ?? []).map(({ date, hours }): Exception => ({
      date,
      kind: "working",
      said: said(hours as readonly Span[]),
    })),
    ...(calendar.shortened ?? []).map(({ date, minutes }): Exception => ({
      date,
      kind: "shortened",
      said: String(minutes),
    })),
  ].toSorted((a, b) => (a.date < b.date ? -1 : 1));

function withExceptions(calendar: CalendarBody, list: readonly Exception[]): CalendarBody {
  const of = (kind: ExceptionKind): readonly Exception[] =>
    list.filter((one) => one.kind === kind).toSorted((a, b) => (a.date < b.date ? -1 : 1));
  return {
    ...calendar,
    nonWorkingDates: of("off").map(({ date }) => date),
    workingDates: of("working").map(({ date, said: hours }) => ({
      date,
      hours: (spansOf(hours) ?? []).map(([from, to]): [string, string] => [from, to]),
    })),
    shortened: of("shortened").map(({ date, said: minutes }) => ({ date, minutes: Number(minutes) })),
  };
}
