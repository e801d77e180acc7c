import { useMoment } from "../moment/moment.ts";
import { absoluteTime, dayText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { now } from "../time/now.ts";
import { useFilterWords } from "./filter-words.ts";
import css from "./insight.module.css";
import type { Scope } from "./scope.tsx";

/** On paper there are no controls: what the figures are about, in words. */
export function PaperHead({ scope }: { readonly scope: Scope }): React.ReactNode {
  const { t } = useText();
  const { asOf } = useMoment();
  const words = useFilterWords();
  const { from, to, other, filters } = scope;
  const period = (a: string, b: string): string => `${dayText(Date.parse(a))} – ${dayText(Date.parse(b) - 43_200_000)}`;
  return (
    <p className={css["paperHead"]}>
      {period(from, to)}
      {other === null ? "" : ` · ${t("insight.otherPeriod")}: ${period(other.from, other.to)}`}
      {Object.entries(filters)
        .map(([name, value]) => ` · ${words(name, value)}`)
        .join("")}{" "}
      · {t("insight.printedAt", { at: absoluteTime(asOf === null ? now() : Date.parse(asOf)) })}
    </p>
  );
}
