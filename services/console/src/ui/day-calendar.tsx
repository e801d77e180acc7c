import "@mantine/dates/styles.layer.css";
import "dayjs/locale/ru.js";
import { DatePicker } from "@mantine/dates";
import { useLayoutEffect, useRef } from "react";
import { dateText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import css from "./dates.module.css";

interface DayCalendarProps {
  /** `2026-10-24` */
  readonly value: string | null;
  readonly min: string | undefined;
  readonly max: string | undefined;
  readonly onPick: (day: string) => void;
}

/** A month to pick a day from, Monday first. It comes later than its field: the library of calendars loads when one is opened. */
export function DayCalendar({ value, min, max, onPick }: DayCalendarProps): React.ReactNode {
  const { t, language } = useText();
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const day = root.current?.querySelector<HTMLElement>("td button[tabindex='0']");
    // where it stands is worked out a moment later
    day?.focus({ preventScroll: true });
  }, []);
  // The popover's own trap looks a moment later where the focus should be: whoever has walked on by then stays where he is.
  const stayAt = (element: HTMLElement): void => {
    root.current?.querySelector("[data-autofocus]")?.removeAttribute("data-autofocus");
    element.setAttribute("data-autofocus", "true");
  };
  return (
    <DatePicker
      ref={root}
      onFocus={(event) => stayAt(event.target)}
      className={css["calendar"] ?? ""}
      locale={language}
      firstDayOfWeek={1}
      size="sm"
      value={value}
      {...(value === null ? {} : { defaultDate: value })}
      {...(min === undefined ? {} : { minDate: min })}
      {...(max === undefined ? {} : { maxDate: max })}
      onChange={(day) => onPick(day ?? value ?? "")}
      highlightToday
      hideOutsideDates
      enableKeyboardNavigation={false}
      previousLabel={t("date.previous")}
      nextLabel={t("date.next")}
      getDayAriaLabel={dateText}
      __stopPropagation
    />
  );
}
