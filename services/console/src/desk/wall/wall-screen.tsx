import { useElementSize } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import type { TicketRow } from "@docket/api-contract";
import { useNames } from "../../api/directory.ts";
import { useConnection } from "../../live/context.ts";
import { relativeTime, shortTime } from "../../text/format.ts";
import { useText } from "../../text/use-text.ts";
import { useTicking } from "../../time/now.ts";
import { useCounters } from "../../shell/counters.ts";
import { ClockWords } from "../../ui/clock-words.tsx";
import { IconAlert, IconFlame, IconHourglass, IconInbox, IconPlugOff, IconUsers } from "../../ui/icons.ts";
import { nearestClock } from "../queue/columns.tsx";
import type { QueueData } from "../queue/queue-data.ts";
import { useQueueWindow } from "../queue/window.ts";
import css from "./wall.module.css";

/** Where there is no room for more, the page is scrolled. */
const fewest = 6;
/** A line of the list with the gap to the next, in pixels: the letters grow with the screen (wall.module.css). */
const lineHeight = (): number => Math.min(40, Math.max(16, innerWidth * 0.0135)) * 1.6 + 6;

/** For a screen on the wall, read from five metres: what burns, how much each line has, what is due next. Nothing to click. */
export function WallScreen(): React.ReactNode {
  const { t, term } = useText();
  const counters = useCounters();
  const names = useNames();
  const connection = useConnection();
  const next = useQueueWindow({ queue: "all-open", filters: {}, q: "", sort: "nextDeadline" });
  const lines = [useLine("1"), useLine("2"), useLine("3")];
  const since = "since" in connection ? connection.since : null;
  const age = useTicking((now) => (since === null ? "" : relativeTime(since, now)));
  const clock = useTicking((now) => shortTime(now, now));
  useEffect(() => {
    document.title = `${t("wall.title")} · Docket`;
  }, [t]);
  const counts = [
    ["intake", "queue.intake", IconInbox, ""],
    ["unassigned", "queue.unassigned", IconUsers, ""],
    ["due-soon", "queue.due-soon", IconHourglass, "warn"],
    ["missed", "queue.missed", IconAlert, "bad"],
    ["under-control", "queue.under-control", IconFlame, ""],
  ] as const;
  const space = useElementSize<HTMLUListElement>();
  const rows = rowsOf(next.data).slice(0, Math.max(fewest, Math.floor(space.height / lineHeight())));
  return (
    <main className={css["wall"]}>
      <header>
        <h1>{t("wall.title")}</h1>
        {connection.state === "live" ? null : (
          <p className={css["lost"]} role="status">
            <IconPlugOff size={28} aria-hidden /> {t("connection.lost", { age })}
          </p>
        )}
        <time>{clock}</time>
        <Link to="/queues/all-open">{t("wall.back")}</Link>
      </header>
      <section className={css["counts"]} aria-label={t("wall.counts")}>
        {counts.map(([view, title, Icon, risk]) => {
          const count = counters.get(view)?.count ?? 0;
          return (
            <div key={view} data-risk={count > 0 ? risk : ""}>
              <span>
                <Icon size={28} aria-hidden /> {t(title)}
              </span>
              <b>{count}</b>
            </div>
          );
        })}
      </section>
      <section className={css["lines"]} aria-label={t("wall.lines")}>
        {lines.map(({ line, total, people }) => (
          <div key={line}>
            <h2>
              {term("line", line)} <b>{total}</b>
            </h2>
            <ul>
              {people.slice(0, 5).map(([engineer, count]) => (
                <li key={engineer}>
                  <span>{engineer === "" ? t("queue.nobody") : names.person(engineer)}</span>
                  <i
                    style={{ width: `${Math.max(4, (count / Math.max(1, ...people.map(([, each]) => each))) * 100)}%` }}
                    aria-hidden
                  />
                  <b>{count}</b>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </section>
      <section className={css["next"]} aria-label={t("wall.next")}>
        <h2>{t("wall.next")}</h2>
        <ul ref={space.ref}>
          {rows.map((row) => {
            const nearest = nearestClock(next.data?.clocks.get(row.ticketId) ?? []);
            return (
              <li key={row.ticketId}>
                <span>{row.number}</span>
                <span>{row.subject}</span>
                <span>{row.engineerId === null ? "–" : names.person(row.engineerId)}</span>
                <span>
                  {nearest === undefined ? null : (
                    <ClockWords
                      clock={nearest}
                      hours={next.data?.calendars.get(nearest.calendarId ?? "")}
                      readAt={next.data?.readAt.get(row.ticketId) ?? 0}
                    />
                  )}
                </span>
              </li>
            );
          })}
        </ul>
      </section>
    </main>
  );
}

function useLine(line: string): {
  readonly line: string;
  readonly total: number;
  readonly people: readonly (readonly [string, number])[];
} {
  const { data, show } = useQueueWindow({ queue: "all-open", filters: { line }, q: "", sort: undefined });
  // Loads are counted over the two hundred that are due first.
  useEffect(() => show(0, 200), [show, data === null]);
  const counts = new Map<string, number>();
  for (const { engineerId } of rowsOf(data)) counts.set(engineerId ?? "", (counts.get(engineerId ?? "") ?? 0) + 1);
  return { line, total: data?.total ?? 0, people: [...counts].toSorted(([, a], [, b]) => b - a) };
}

const rowsOf = (data: QueueData | null): readonly TicketRow[] =>
  data === null
    ? []
    : [...data.order]
        .toSorted(([a], [b]) => a - b)
        .flatMap(([, id]) => {
          const row = data.rows.get(id);
          return row !== undefined && "number" in row ? [row] : [];
        });
