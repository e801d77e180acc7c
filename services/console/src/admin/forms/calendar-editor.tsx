import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useText } from "../../text/use-text.ts";
import { DayField } from "../../ui/day-field.tsx";
import { dayWritten } from "../../ui/day-text.ts";
import { stopAtUnread } from "../../ui/unread.ts";
import css from "../policy.module.css";
import { faultOf } from "./field-input.tsx";
import { PickOne } from "./references.tsx";
import {
  isSaidRight,
  spansOf,
  spansSaid,
  specialDaysOf,
  specialKinds,
  usuallySaid,
  withSpecialDays,
  type CalendarBody,
  type Span,
  type SpecialDay,
  type SpecialKind,
} from "./special-days.ts";

type Weekly = NonNullable<CalendarBody["weeklyHours"]>;

interface CalendarEditorProps {
  readonly calendar: CalendarBody;
  readonly onChange: (calendar: CalendarBody) => void;
  readonly faults: ReadonlyMap<string, string>;
}

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

export const usualCalendar: CalendarBody = {
  tz: "Europe/Moscow",
  weeklyHours: Object.fromEntries(
    (["mon", "tue", "wed", "thu", "fri"] as const).map((day) => [day, [["09:00", "18:00"]]]),
  ) as unknown as Weekly,
};

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
  const [typed, setTyped] = useState(spansSaid(value));
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
  const { t, language } = useText();
  const all = specialDaysOf(calendar);
  const years = [...new Set([...all.map(({ date }) => date.slice(0, 4)), String(new Date().getFullYear())])].toSorted();
  const [year, setYear] = useState(String(new Date().getFullYear()));
  const [next, setNext] = useState<SpecialDay>({ date: "", kind: "off", said: "", reason: "" });
  const put = (list: readonly SpecialDay[]): void => onChange(withSpecialDays(calendar, list));
  const wrong = !isSaidRight(next);
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
          .map(({ one: shown, date, kind, said: how, reason }) => (
            <li key={`${date}${kind}`}>
              <span>{dayWritten(date, language)}</span> {t(`admin.exception.${kind}`)}
              {kind === "working" ? `: ${how}` : kind === "shortened" ? `: ${how} ${t("admin.minutes")}` : ""}
              {reason === "" ? "" : ` (${reason})`}{" "}
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                aria-label={`${t("admin.remove")}: ${dayWritten(date, language)}`}
                onClick={() => put(all.filter((one) => one !== shown))}
              >
                ×
              </Button>
            </li>
          ))}
      </ul>
      <div className={css["step"]} role="group" aria-label={t("admin.addException")}>
        <DayField
          label={t("admin.date")}
          error={faultOf(faults, "calendar.nonWorkingDates") ?? faultOf(faults, "calendar.workingDates")}
          value={next.date}
          onChange={(date) => setNext({ ...next, date })}
        />
        <Select
          size="xs"
          label={t("admin.dayIs")}
          allowDeselect={false}
          data={specialKinds.map((kind) => ({ value: kind, label: t(`admin.exception.${kind}`) }))}
          value={next.kind}
          onChange={(kind) => setNext({ ...next, kind: kind as SpecialKind, said: usuallySaid[kind as SpecialKind] })}
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
        <TextInput
          size="xs"
          label={t("admin.field.reason")}
          maxLength={200}
          value={next.reason}
          onChange={(event) => setNext({ ...next, reason: event.currentTarget.value })}
        />
        <Button
          size="compact-xs"
          variant="default"
          disabled={next.date === "" || wrong}
          onClick={(event) => {
            if (stopAtUnread(event.currentTarget)) return;
            put([...all.filter((one) => one.date !== next.date), next]);
            setYear(next.date.slice(0, 4));
            setNext({ ...next, date: "", reason: "" });
          }}
        >
          {t("admin.addException")}
        </Button>
      </div>
    </fieldset>
  );
}
