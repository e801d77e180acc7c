import { useSyncExternalStore } from "react";
import { allActions, onActions } from "../keys/registry.ts";
import { useText } from "../text/use-text.ts";
import { Dialog } from "../ui/dialog.tsx";
import { closeOverlay } from "./overlays.ts";
import css from "./shell.module.css";

/** What the keys do here and now, by group. */
export function KeysHelp(): React.ReactNode {
  const { t } = useText();
  const actions = useSyncExternalStore(onActions, allActions).filter(
    ({ keys, unlisted }) => unlisted !== true && keys !== undefined && keys.length > 0,
  );
  const groups = [...new Set(actions.map(({ group }) => group))];
  return (
    <Dialog onClose={closeOverlay} title={t("keys.help")} size="lg">
      <div className={css["keys"]}>
        {groups.map((group) => (
          <section key={group}>
            <h3>{t(group)}</h3>
            <dl>
              {actions
                .filter((action) => action.group === group)
                .map(({ id, title, plain, keys }) => (
                  <div key={id}>
                    <dt>{plain ?? t(title)}</dt>
                    <dd>
                      {keys?.map((key) => (
                        <kbd key={key}>{capOf(key)}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

const caps: Readonly<Record<string, string>> = { ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };

/** What stands on the keys: `g q` is `G Q`. */
const capOf = (key: string): string =>
  caps[key] ??
  key
    .replace("mod+", "Ctrl ")
    .replaceAll(/(^| )([a-z])(?= |$)/gu, (_all, before: string, letter: string) => before + letter.toUpperCase());
