export { slaErrorCodes } from "./result.ts";
export type { Result, SlaError, SlaErrorCode } from "./result.ts";
export { calendarLimits, calendarSchema, parseCalendar, weekdays } from "./calendar.ts";
export type { Calendar, Hours, Weekday } from "./calendar.ts";
export { isKnownZone, zoneOf } from "./zone.ts";
export type { Zone } from "./zone.ts";
export { compileCalendar } from "./compile.ts";
export type { CalendarPiece, CompiledCalendar, WorkingCalendar, WorkingInterval } from "./working-calendar.ts";
export type { DayKind } from "./day-rules.ts";
export { versionedCalendar } from "./versions.ts";
export type { CalendarVersion } from "./versions.ts";
export { mergePauses } from "./pauses.ts";
export type { Pause } from "./pauses.ts";
export { addWorkingTime, isWorkingAt, workingTimeBetween } from "./working-time.ts";
export { formatTarget, parseTarget, targetLimits } from "./target.ts";
export type { Target } from "./target.ts";
export { autoCloseAt, deadlineFor, reminderTimes } from "./working-days.ts";
export type { ReminderOptions } from "./working-days.ts";
export { evaluateClock, nextCycle, retarget } from "./clock.ts";
export type {
  ClockInput,
  ClockKind,
  ClockPause,
  ClockRun,
  ClockSnapshot,
  ClockState,
  PauseReason,
} from "./clock-model.ts";
export { alarmTimes, parseAlarm } from "./alarms.ts";
export type { AlarmPoint, AlarmStep } from "./alarms.ts";
export { isRussianZone, russianCalendar, russianCalendarYears, russianDayName } from "./ru-calendar.ts";
export type { RussianCalendarOptions } from "./ru-calendar.ts";
export { explainClock, whyCodes } from "./explain.ts";
export type { ClockExplanation, ExplainedInterval, WhyCode } from "./explain.ts";
export { errorText, errorTexts, kindText, pauseText, stateText, targetText, whyText } from "./texts.ts";
export type { Language, Text } from "./texts.ts";
export { formatInstant, parseInstant } from "./instant.ts";
export { benchSla } from "./bench.ts";
