import { useMoment } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { IconAlert } from "./icons.ts";
import css from "./ui.module.css";

/** On a screen whose past is not kept, while a past moment is shown: what it shows is how it is now. */
export function Timeless(): React.ReactNode {
  const { t } = useText();
  const { live } = useMoment();
  if (live) return null;
  return (
    <p className={css["stale"]} role="note">
      <IconAlert size={15} aria-hidden />
      <span>{t("state.timeless")}</span>
    </p>
  );
}
