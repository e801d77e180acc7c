export { slaErrorCodes } from "./result.ts";
export type { Result, SlaError, SlaErrorCode } from "./result.ts";
export { calendarLimits, calendarSchema, parseCalendar, weekdays } from "./calendar.ts";
export type { Calendar, Hours, Weekday } from "./calendar.ts";
export { isKnownZone } from "./zone.ts";
export { compileCalendar } from "./compile.ts";
export type { CalendarPiece, CompiledCalendar, DayKind, WorkingCalendar, WorkingInterval } from "./compile.ts";
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
