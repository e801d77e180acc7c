import type { TicketRow } from "@docket/api-contract";
import type { Names } from "../../api/directory.ts";
import type { TextKey } from "../../text/keys.ts";
import type { Texts } from "../../text/use-text.ts";
import type { OpenHours, RibbonClock } from "../../ui/clock.ts";
import { ClockRibbon } from "../../ui/clock-ribbon.tsx";
import { ClockWords } from "../../ui/clock-words.tsx";
import { Moment } from "../../ui/moment.tsx";
import { IconFlame } from "../../ui/icons.ts";
import { PriorityMark, StatusMark } from "../marks.tsx";
import css from "./queue.module.css";

export interface CellContext {
  readonly names: Names;
  readonly texts: Texts;
  readonly clocks: readonly RibbonClock[];
  readonly calendars: ReadonlyMap<string, OpenHours>;
  readonly readAt: number;
  /** milliseconds of the past moment that is shown */
  readonly at: number | null;
}

export interface Column {
  readonly id: string;
  readonly title: TextKey;
  /** a width for the grid's template */
  readonly width: string;
  readonly sort?: string;
  /** what stands in it never is longer than it, or is cut short by itself; cutting off costs a layer of its own in each row */
  readonly fits?: boolean;
  /** shown unless chosen otherwise */
  readonly usual: boolean;
  cell(row: TicketRow, context: CellContext): React.ReactNode;
}

const clockOf =
  (kind: RibbonClock["kind"]) =>
  (_row: TicketRow, { clocks, calendars, readAt, at }: CellContext) => {
    const clock = clocks.filter((each) => each.kind === kind).at(-1);
    return clock === undefined ? null : <ClockCell clock={clock} calendars={calendars} readAt={readAt} at={at} />;
  };

interface ClockCellProps extends Pick<CellContext, "calendars" | "readAt" | "at"> {
  readonly clock: RibbonClock;
}

function ClockCell({ clock, calendars, readAt, at }: ClockCellProps): React.ReactNode {
  return (
    <span className={css["clock"]}>
      <ClockWords
        clock={clock}
        hours={clock.calendarId === undefined ? undefined : calendars.get(clock.calendarId)}
        readAt={readAt}
        at={at}
      />
      <ClockRibbon clock={clock} at={at} />
    </span>
  );
}

/** The clock that matters most now: of those that run, the one that is due first; else the last. */
export function nearestClock(clocks: readonly RibbonClock[]): RibbonClock | undefined {
  const running = clocks.filter(
    ({ state, stoppedAt }) => state === "running" || (state === "missed" && stoppedAt === null),
  );
  return (
    running.toSorted((a, b) => (a.deadline ?? "9").localeCompare(b.deadline ?? "9"))[0] ??
    clocks.findLast(({ state }) => state === "paused") ??
    clocks.at(-1)
  );
}

export const columns: readonly Column[] = [
  {
    id: "number",
    title: "column.number",
    width: "92px",
    sort: "number",
    fits: true,
    usual: true,
    cell: ({ number }) => <span className={css["number"]}>{number}</span>,
  },
  {
    id: "status",
    title: "column.status",
    width: "162px",
    sort: "status",
    fits: true,
    usual: true,
    cell: ({ status }) => <StatusMark status={status} short />,
  },
  {
    id: "type",
    title: "column.type",
    width: "124px",
    sort: "priority",
    usual: true,
    cell: ({ type, priority, classified }, { texts }) => (
      <span className={css["type"]} data-guess={!classified}>
        <PriorityMark priority={priority} />
        {type === "scheduled_work" ? (
          <span title={texts.term("ticketType", type)}>{texts.t("type.short.scheduled_work")}</span>
        ) : (
          texts.term("ticketType", type)
        )}
      </span>
    ),
  },
  {
    id: "subject",
    title: "column.subject",
    width: "minmax(132px, 2fr)",
    sort: "subject",
    fits: true,
    usual: true,
    cell: ({ subject, underControl, status }, { texts }) => (
      <span className={css["subject"]}>
        {underControl === true && status !== "closed" ? (
          <IconFlame size={14} aria-label={texts.t("queue.under-control")} />
        ) : null}
        <span title={subject}>{subject}</span>
      </span>
    ),
  },
  {
    id: "customer",
    title: "column.customer",
    // a name is read whole wherever there is room; all that is left over is the subject's
    width: "minmax(96px, min(15%, 320px))",
    sort: "organizationId",
    usual: true,
    cell: ({ organizationId }, { names }) => {
      const name = names.organization(organizationId);
      return <span title={name}>{name}</span>;
    },
  },
  {
    id: "requester",
    title: "column.requester",
    width: "minmax(110px, 1fr)",
    sort: "requesterName",
    usual: false,
    cell: ({ requesterName }) => requesterName,
  },
  {
    id: "who",
    title: "column.who",
    width: "minmax(112px, min(12.5%, 260px))",
    sort: "engineerId",
    fits: true,
    usual: true,
    cell: ({ line, engineerId, groupId }, { names, texts }) => (
      <span className={css["who"]}>
        {line == null ? null : <b title={texts.term("line", String(line))}>L{line}</b>}
        {engineerId === null ? (
          <i title={names.group(groupId)}>{groupId == null ? texts.t("queue.nobody") : names.group(groupId)}</i>
        ) : (
          <span title={names.person(engineerId)}>{names.person(engineerId)}</span>
        )}
      </span>
    ),
  },
  {
    id: "reaction",
    title: "column.reaction",
    width: "94px",
    sort: "reactionDeadline",
    fits: true,
    usual: true,
    cell: clockOf("reaction"),
  },
  {
    id: "resolution",
    title: "column.resolution",
    width: "94px",
    sort: "resolutionDeadline",
    fits: true,
    usual: true,
    cell: clockOf("resolution"),
  },
  {
    id: "acceptance",
    title: "column.acceptance",
    width: "94px",
    fits: true,
    usual: false,
    cell: clockOf("ola"),
  },
  {
    id: "product",
    title: "column.product",
    width: "minmax(90px, 1fr)",
    sort: "product",
    usual: false,
    cell: ({ product }) => product,
  },
  {
    id: "channel",
    title: "column.channel",
    width: "110px",
    usual: false,
    cell: ({ channel }, { texts }) => texts.term("channel", channel),
  },
  { id: "region", title: "column.region", width: "110px", sort: "region", usual: false, cell: ({ region }) => region },
  {
    id: "registered",
    title: "column.registered",
    width: "110px",
    sort: "registeredAt",
    usual: false,
    cell: ({ registeredAt }) => <Moment at={registeredAt} />,
  },
  {
    id: "changed",
    title: "column.changed",
    width: "110px",
    sort: "recordedAt",
    usual: false,
    cell: ({ recordedAt }) => <Moment at={recordedAt} form="relative" />,
  },
];

/** The box to pick a row, the space at both ends and the scrollbar; and between two columns (queue.module.css). */
const [around, between] = [67, 8];

/** Pixels that a table of these columns needs at least. */
export const leastWidth = (shown: readonly Column[]): number =>
  shown.reduce((sum, { width }) => sum + between + Number(/\d+/u.exec(width)?.[0] ?? 0), around);
