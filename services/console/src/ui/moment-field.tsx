import { useText } from "../text/use-text.ts";
import { exampleDay } from "./day-field.tsx";
import { localMoment, momentWritten, readMoment } from "./day-text.ts";
import { WrittenField, type WrittenProps } from "./written-field.tsx";

interface MomentFieldProps extends WrittenProps {
  /** the hands of a clock somewhere, not a moment in the zone of the browser: an instant with a zone cannot be said here */
  readonly wallClock?: boolean;
}

/** A day and a time of 24 hours, `2026-10-24T13:05`, with seconds where there are any. Which zone is meant is said by whoever shows it. */
export function MomentField({ wallClock = false, ...props }: MomentFieldProps): React.ReactNode {
  const { t, language } = useText();
  return (
    <WrittenField
      {...props}
      write={momentWritten}
      read={(text) => readMoment(text, wallClock ? undefined : localMoment)}
      placeholder={t("date.moment")}
      example={momentWritten(`${exampleDay}T14:30`, language)}
      pick={(day) => `${day}T${props.value.slice(11) || "00:00"}`}
    />
  );
}
