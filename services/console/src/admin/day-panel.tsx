import type { DirectoryEntry } from "@docket/api-contract";
import type { CalendarEntry } from "@docket/domain";
import { Select, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useSession } from "../api/session.ts";
import { browserZone } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { localMoment } from "../ui/day-text.ts";
import { MomentField } from "../ui/moment-field.tsx";
import { Moment } from "../ui/moment.tsx";
import { OnlyNow } from "../ui/only-now.tsx";
import { changeHoldsFrom, type Day } from "./calendar-days.ts";
import css from "./calendar.module.css";
import { Change } from "./change.tsx";
import {
  isSaidRight,
  specialDaysOf,
  specialKinds,
  usuallySaid,
  withDay,
  type SpecialDay,
  type SpecialKind,
} from "./forms/special-days.ts";
import { instantOf } from "./forms/values.ts";
import { mayDo } from "./forms/verbs.ts";

interface DayPanelProps {
  readonly entry: DirectoryEntry;
  readonly day: Day;
  readonly title: string;
  readonly onClose: () => void;
}

/** One day of a calendar: what it is and why; who may change calendars can make it another one. */
export function DayPanel({ entry, day, title, onClose }: DayPanelProps): React.ReactNode {
  const { t } = useText();
  const { role } = useSession().account;
  const heading = useRef<HTMLHeadingElement>(null);
  // also when the form that had the focus has been saved, and goes
  useEffect(() => heading.current?.focus(), [day.date, entry.revision]);
  const hours = day.open.map((span) => span.join("–")).join(", ");
  return (
    <section
      className={css["day"]}
      aria-labelledby="calendar-day"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
    >
      <header>
        <h3 id="calendar-day" ref={heading} tabIndex={-1}>
          {title}
        </h3>
        <button type="button" onClick={onClose}>
          {t("admin.day.close")}
        </button>
      </header>
      <dl>
        <dt>{t("admin.dayIs")}</dt>
        <dd>{t(`admin.dayKind.${day.kind}`)}</dd>
        <dt>{t("admin.openHours")}</dt>
        <dd>{hours === "" ? "–" : hours}</dd>
        <dt>{t("admin.field.reason")}</dt>
        <dd>
          {[day.name, day.reason].filter((part) => part !== null).join("; ") ||
            (day.kind === "working" || day.kind === "off" ? t("admin.day.asWeek") : "–")}
        </dd>
      </dl>
      {mayDo(role, "revise-calendar") ? (
        <OnlyNow>
          <DayForm key={`${day.date} ${entry.revision}`} entry={entry} day={day} />
        </OnlyNow>
      ) : null}
    </section>
  );
}

const kinds = ["week", ...specialKinds] as const;
type Said = Omit<SpecialDay, "date" | "kind"> & { readonly kind: "week" | SpecialKind };

/** Makes a new version of the calendar in which this day is otherwise; shown before it is saved, like every change. */
function DayForm({ entry, day }: Pick<DayPanelProps, "entry" | "day">): React.ReactNode {
  const { t } = useText();
  const versions = entry.state["versions"] as CalendarEntry["versions"];
  const last = versions.at(-1);
  const [said, setSaid] = useState<Said>(() => {
    const known = last && specialDaysOf(last.calendar).find(({ date }) => date === day.date);
    return known ?? { kind: "week", said: "", reason: "" };
  });
  const [from, setFrom] = useState(() =>
    last === undefined ? null : changeHoldsFrom(day.date, last.calendar.tz ?? "UTC", last.effectiveFrom, Date.now()),
  );
  if (last === undefined) return null;
  if (from === null)
    return (
      <p>
        {t("admin.day.tooLate")} <Moment at={last.effectiveFrom} />
      </p>
    );
  const { kind } = said;
  const special = kind === "week" ? null : { ...said, kind };
  const wrong = special !== null && !isSaidRight(special);
  return (
    <Change
      title={t("admin.day.change")}
      command="revise-calendar"
      body={{
        calendarId: entry.id,
        calendar: withDay(last.calendar, day.date, special),
        effectiveFrom: new Date(from).toISOString(),
      }}
      off={wrong ? t(kind === "working" ? "admin.hoursHint" : "admin.numberHint") : null}
      revision={entry.revision}
    >
      {() => (
        <div className={css["dayInputs"]}>
          <Select
            size="xs"
            label={t("admin.dayIs")}
            allowDeselect={false}
            data={kinds.map((value) => ({
              value,
              label: t(value === "week" ? "admin.day.asWeek" : `admin.exception.${value}`),
            }))}
            value={kind}
            onChange={(value) => {
              const next = value as Said["kind"];
              setSaid({ ...said, kind: next, said: next === "week" ? "" : usuallySaid[next] });
            }}
          />
          {kind === "working" || kind === "shortened" ? (
            <TextInput
              size="xs"
              label={t(kind === "working" ? "admin.openHours" : "admin.shorterBy")}
              error={wrong ? t(kind === "working" ? "admin.hoursHint" : "admin.numberHint") : undefined}
              value={said.said}
              onChange={(event) => setSaid({ ...said, said: event.currentTarget.value })}
            />
          ) : null}
          {kind === "week" ? null : (
            <TextInput
              size="xs"
              label={t("admin.field.reason")}
              maxLength={200}
              value={said.reason}
              onChange={(event) => setSaid({ ...said, reason: event.currentTarget.value })}
            />
          )}
          <MomentField
            label={t("admin.field.effectiveFrom")}
            description={browserZone}
            value={localMoment(from)}
            onChange={(local) => {
              const instant = instantOf(local);
              if (instant !== "") setFrom(Date.parse(instant));
            }}
          />
        </div>
      )}
    </Change>
  );
}
