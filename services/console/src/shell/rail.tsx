import { Link, useRouterState } from "@tanstack/react-router";
import { memo, useEffect } from "react";
import { useSession, worksOnTickets } from "../api/session.ts";
import { areas } from "../app/areas.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { useSavedViews } from "../desk/queue/saved-views.tsx";
import { IconList } from "../ui/icons.ts";
import { OffLink, usePast } from "../ui/only-now.tsx";
import { useCounters } from "./counters.ts";
import css from "./shell.module.css";

interface RailProps {
  readonly open: boolean;
  onClose(): void;
}

/** Where one can go, with the counters of the queues; on a narrow screen it opens over the page. */
export function Rail({ open, onClose }: RailProps): React.ReactNode {
  const { t } = useText();
  const { account } = useSession();
  const saved = useSavedViews(worksOnTickets(account));
  const counters = useCounters(saved.map(({ viewId }) => viewId));
  const past = usePast();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => {
    if (!open) return undefined;
    const close = ({ key }: KeyboardEvent): void => {
      if (key === "Escape") onClose();
    };
    document.addEventListener("keydown", close);
    return () => document.removeEventListener("keydown", close);
  }, [open, onClose]);
  const entries = areas.flatMap((area) => area.rail(account));
  return (
    <nav className={css["rail"]} data-open={open} aria-label={t("shell.rail")} data-tour="rail">
      <ul>
        {entries.map(({ id, title, icon: Icon, to, counter, group, begins }, index) => {
          const count = counter === undefined ? undefined : counters.get(counter);
          // the line that says most of where one is: a list is not lit up under a screen with a line of its own
          const within = path.startsWith(`${to}/`) && !entries.some((other) => other.to === path);
          const here = path === to || within;
          const heading = group !== undefined && entries[index - 1]?.group !== group ? t(group) : null;
          return (
            <li key={id}>
              {heading === null ? null : <span className={css["railGroup"]}>{heading}</span>}
              <RailLine
                to={to}
                title={t(title)}
                icon={Icon}
                here={here}
                off={begins === true ? past : undefined}
                counter={counter}
                count={count === undefined ? "" : `${numberText(count.count)}${count.capped ? "+" : ""}`}
                onClose={onClose}
              />
            </li>
          );
        })}
        {saved.map(({ viewId, name }, index) => {
          const count = counters.get(viewId);
          const to = `/queues/${viewId}`;
          return (
            <li key={viewId}>
              {index === 0 ? <span className={css["railGroup"]}>{t("shell.savedViews")}</span> : null}
              <RailLine
                to={to}
                title={name}
                icon={IconList}
                here={path === to || path.startsWith(`${to}/`)}
                off={undefined}
                counter={undefined}
                count={count === undefined ? "" : numberText(count.count)}
                onClose={onClose}
              />
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

interface RailLineProps {
  readonly to: string;
  readonly title: string;
  readonly icon: React.ComponentType<{ readonly size?: number }>;
  readonly here: boolean;
  /** why it leads nowhere now */
  readonly off: string | undefined;
  readonly counter: string | undefined;
  /** in words; empty: none is shown */
  readonly count: string;
  readonly onClose: () => void;
}

/** Drawn when something of its own changed: a counter moves ten times a second, the lines around it do not. */
const RailLine = memo(function RailLine({
  to,
  title,
  icon: Icon,
  here,
  off,
  counter,
  count,
  onClose,
}: RailLineProps): React.ReactNode {
  if (off !== undefined)
    return (
      <OffLink className={css["railLink"]} why={off}>
        <Icon size={16} aria-hidden />
        <span>{title}</span>
      </OffLink>
    );
  return (
    <Link
      to={to}
      className={css["railLink"] ?? ""}
      aria-current={here ? "page" : undefined}
      data-here={here}
      onClick={onClose}
    >
      <Icon size={16} aria-hidden />
      <span>{title}</span>
      {count === "" ? null : (
        <span className={css["railCount"]} data-counter={counter}>
          {count}
        </span>
      )}
    </Link>
  );
});
