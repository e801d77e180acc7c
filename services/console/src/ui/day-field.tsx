import { useText } from "../text/use-text.ts";
import { dayWritten, readDay } from "./day-text.ts";
import { WrittenField, type WrittenProps } from "./written-field.tsx";

/** A day, `2026-10-24`, written in the language of the page or picked from a calendar. */
export function DayField(props: WrittenProps): React.ReactNode {
  const { t, language } = useText();
  return (
    <WrittenField
      {...props}
      write={dayWritten}
      read={readDay}
      placeholder={t("date.day")}
      example={dayWritten(exampleDay, language)}
      pick={(day) => day}
    />
  );
}

/** Neither its day nor its month can be taken for the other. */
export const exampleDay = "2026-10-24";
