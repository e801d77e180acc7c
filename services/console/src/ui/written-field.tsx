import { Popover, TextInput, UnstyledButton } from "@mantine/core";
import { Suspense, useRef, useState } from "react";
import type { Language } from "../text/i18n.ts";
import { useText } from "../text/use-text.ts";
import type { Misread, Reading } from "./day-text.ts";
import css from "./dates.module.css";
import { IconCalendar } from "./icons.ts";
import { laterPart } from "./later-part.ts";
import { afterPress } from "./press.ts";
import { Loading } from "./states.tsx";

const DayCalendar = laterPart(() => import("./day-calendar.tsx").then(({ DayCalendar: part }) => part));

/** What the three fields of days, moments and times have in common for those who put them on a screen. */
export interface WrittenProps {
  readonly label: string;
  /** `2026-10-24`, `2026-10-24T13:05` or `13:05`; nothing is "" */
  readonly value: string;
  /** is given the same shape, once what was written can be read; "" when the field was emptied and left */
  readonly onChange: (value: string) => void;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  readonly size?: "xs" | "sm";
  readonly description?: string;
  readonly error?: React.ReactNode;
  readonly withAsterisk?: boolean;
  readonly inputWrapperOrder?: ("label" | "input" | "description" | "error")[];
  /** false: the calendar stands within what holds the field (a popover, which would close when something beside it is pressed) */
  readonly withinPortal?: boolean;
  readonly "data-field"?: string;
  readonly "data-autofocus"?: boolean;
}

interface WrittenFieldProps extends WrittenProps {
  readonly write: (value: string, language: Language) => string;
  readonly read: (text: string) => Reading;
  readonly placeholder: string;
  /** how it is written, in the language of the page */
  readonly example: string;
  /** a calendar stands beside it: the value that a day picked there makes of the one before */
  readonly pick?: (day: string) => string;
}

/**
 * A text that means a day, a moment or a time, in the language of the page and not in that of the browser. States: *at rest* it shows
 * its value -> *being written*: the text stands as it is typed, and its value is handed on as soon as it can be read -> left, or
 * Enter: at rest if it can be read; else *wrong*: the text stays with what is wrong about it, and nothing is handed on until it is
 * put right (`stopAtUnread`). A value that comes from elsewhere ends what is being written.
 */
export function WrittenField(props: WrittenFieldProps): React.ReactNode {
  const { value, onChange, min, max, write, read, example, pick, error, withinPortal = true, ...shown } = props;
  const { t, language } = useText();
  const [text, setText] = useState<string | null>(null);
  const [told, setTold] = useState(false);
  const [open, setOpen] = useState(false);
  const [known, setKnown] = useState({ value, own: value });
  const input = useRef<HTMLInputElement>(null);
  if (known.value !== value) {
    setKnown({ value, own: value });
    if (known.own !== value) setText(null);
  }
  const judged = text === null || text.trim() === "" ? null : judge(read(text), min, max);
  const wrong = judged !== null && "fault" in judged;
  const hand = (next: string): void => {
    setKnown({ value, own: next });
    if (next !== value) onChange(next);
  };
  const change = (next: string, finished = false): void => {
    setText(next);
    const reading = judge(read(next), min, max);
    if ("value" in reading) hand(reading.value);
    setTold((before) => "fault" in reading && next.trim() !== "" && (before || finished));
  };
  const leave = (): void => {
    if (text === null) return;
    if (wrong) return afterPress(() => setTold(true));
    setTold(false);
    setText(null);
    if (text.trim() === "") hand("");
  };
  const words = (fault: Fault): string => {
    if (fault === "notBefore" || fault === "notAfter")
      return t(`date.${fault}`, { at: write((fault === "notBefore" ? min : max) ?? "", language) });
    return t(`date.${fault}`, { example });
  };
  const day = value.slice(0, 10);
  return (
    <TextInput
      size="xs"
      {...shown}
      ref={input}
      autoComplete="off"
      spellCheck={false}
      value={text ?? write(value, language)}
      error={wrong && told ? words(judged.fault) : error}
      {...(wrong ? { "data-unread": true } : {})}
      onChange={(event) => change(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === "Enter") leave();
        if (pick !== undefined && event.key === "ArrowDown" && event.altKey) {
          event.preventDefault();
          setOpen(true);
        }
      }}
      {...(pick === undefined
        ? {}
        : {
            rightSectionPointerEvents: "all",
            rightSection: (
              <Popover
                opened={open}
                onChange={setOpen}
                position="bottom-end"
                shadow="sm"
                trapFocus
                returnFocus={false}
                withinPortal={withinPortal}
              >
                <Popover.Target>
                  <UnstyledButton
                    className={css["opener"] ?? ""}
                    aria-label={t("date.calendar", { field: props.label })}
                    onClick={() => setOpen(!open)}
                  >
                    <IconCalendar size={16} aria-hidden />
                  </UnstyledButton>
                </Popover.Target>
                <Popover.Dropdown
                  data-mantine-stop-propagation
                  onKeyDown={(event) => {
                    // In the calendar a letter is no key of the screen, and Escape closes no more than the calendar.
                    const letter = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
                    if (letter || event.key === "Escape") event.stopPropagation();
                    if (event.key === "Escape") input.current?.focus();
                  }}
                >
                  <Suspense
                    fallback={
                      <div className={css["calendar"]}>
                        <Loading rows={7} />
                      </div>
                    }
                  >
                    <DayCalendar
                      value={/^\d{4}-\d\d-\d\d$/u.test(day) ? day : null}
                      min={min?.slice(0, 10)}
                      max={max?.slice(0, 10)}
                      onPick={(picked) => {
                        setOpen(false);
                        change(write(pick(picked), language), true);
                        // Once it shows the day: what is still to be said is the time.
                        requestAnimationFrame(() => {
                          const field = input.current;
                          field?.focus();
                          const time = field?.value.lastIndexOf(", ") ?? -1;
                          if (time !== -1) field?.setSelectionRange(time + 2, field.value.length);
                        });
                      }}
                    />
                  </Suspense>
                </Popover.Dropdown>
              </Popover>
            ),
          })}
    />
  );
}

type Fault = Misread | "notBefore" | "notAfter";

/** Values of one shape stand in the order of time as texts, too. */
function judge(
  reading: Reading,
  min: string | undefined,
  max: string | undefined,
): { readonly value: string } | { readonly fault: Fault } {
  if ("fault" in reading) return reading;
  if (min !== undefined && min !== "" && reading.value < min) return { fault: "notBefore" };
  if (max !== undefined && max !== "" && reading.value > max) return { fault: "notAfter" };
  return reading;
}
