import { useMoment } from "../moment/moment.ts";
import { absoluteTime, shortTime } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { IconHistory } from "../ui/icons.ts";
import css from "./shell.module.css";

/** Which moment is shown. */
export function MomentWords(): React.ReactNode {
  const { t } = useText();
  const { asOf, live } = useMoment();
  return (
    <>
      {live ? <span className={css["liveDot"]} aria-hidden /> : <IconHistory size={15} aria-hidden />}
      {asOf === null ? t("moment.live") : t("moment.asOf", { at: shortTime(Date.parse(asOf)) })}
    </>
  );
}

/** Under the top bar for as long as a past moment is shown. */
export function PastBanner(): React.ReactNode {
  const { t } = useText();
  const { asOf, show } = useMoment();
  if (asOf === null) return null;
  return (
    <p className={css["pastBanner"]} role="status">
      <IconHistory size={16} aria-hidden />
      <span>{t("moment.banner", { at: absoluteTime(Date.parse(asOf)) })}</span>
      <button type="button" onClick={() => show(null)}>
        {t("moment.back")}
      </button>
    </p>
  );
}
