import { useText } from "../text/use-text.ts";
import { readTime } from "./day-text.ts";
import { WrittenField, type WrittenProps } from "./written-field.tsx";

/** A time of 24 hours, `09:05`. */
export function TimeField(props: WrittenProps): React.ReactNode {
  const { t } = useText();
  return (
    <WrittenField {...props} write={(value) => value} read={readTime} placeholder={t("date.time")} example="14:30" />
  );
}
