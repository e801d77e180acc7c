import type { TicketRow } from "@docket/api-contract";
import { memo } from "react";
import type { Texts } from "../../text/use-text.ts";
import { ClockWords } from "../../ui/clock-words.tsx";
import { IconEdit, IconEye } from "../../ui/icons.ts";
import { PriorityMark, StatusMark } from "../marks.tsx";
import type { PresentPerson } from "../presence.ts";
import { nearestClock, type CellContext, type Column } from "./columns.tsx";
import css from "./queue.module.css";

interface RowCellsProps extends Omit<CellContext, "texts"> {
  readonly row: TicketRow;
  readonly cards: boolean;
  readonly columns: readonly Column[];
  readonly texts: Texts;
  /** draws the row anew in another language */
  readonly language: string;
  /** when it changed, if that was a moment ago */
  readonly fresh: number;
  readonly isSelected: boolean;
  readonly people: readonly PresentPerson[];
  onSelect(id: string, range: boolean): void;
}

const same = (a: RowCellsProps, b: RowCellsProps): boolean =>
  (Object.keys(a) as (keyof RowCellsProps)[]).every(
    (key) =>
      key === "texts" ||
      key === "names" ||
      // a glow that is over needs no drawing
      (key === "fresh" && b.fresh === 0) ||
      Object.is(a[key], b[key]),
  ) &&
  a.names.organizations === b.names.organizations &&
  a.names.groups === b.names.groups &&
  a.names.staff === b.names.staff;

/**
 * What stands in a row. Drawn only when something of its own changed: fifty changes a second touch fifty rows, not the list, and a
 * row that only moves is not drawn at all.
 */
export const RowCells = memo(function RowCells(props: RowCellsProps): React.ReactNode {
  const { row, cards, columns, texts, isSelected, people, onSelect } = props;
  const { t } = texts;
  const there = people.length === 0 ? null : <There people={people} texts={texts} />;
  const pick = (
    <span role="gridcell" className={css["pick"]}>
      <input
        type="checkbox"
        tabIndex={-1}
        checked={isSelected}
        aria-label={t("queue.pickOne", { number: row.number })}
        onChange={() => undefined}
        onClick={(event) => {
          event.stopPropagation();
          onSelect(row.ticketId, event.shiftKey);
        }}
      />
    </span>
  );
  const glow = props.fresh === 0 ? null : <span key={props.fresh} className={css["glow"]} aria-hidden />;
  if (cards) {
    const clock = nearestClock(props.clocks);
    return (
      <>
        {pick}
        <span role="gridcell" className={css["subject"]}>
          <span>{row.subject}</span>
        </span>
        <span role="gridcell">
          {clock === undefined ? null : (
            <ClockWords
              clock={clock}
              hours={clock.calendarId === undefined ? undefined : props.calendars.get(clock.calendarId)}
              readAt={props.readAt}
              at={props.at}
            />
          )}
        </span>
        <span role="gridcell" className={css["cardMeta"]}>
          <span className={css["number"]}>{row.number}</span>
          <PriorityMark priority={row.priority} />
          <StatusMark status={row.status} short />
          <span>{props.names.organization(row.organizationId)}</span>
          {there}
        </span>
        {glow}
      </>
    );
  }
  return (
    <>
      {pick}
      {columns.map((column, at) => (
        <span key={column.id} role="gridcell" data-fits={column.fits}>
          {column.cell(row, props)}
          {at === 0 ? there : null}
        </span>
      ))}
      {glow}
    </>
  );
}, same);

function There({
  people,
  texts: { t },
}: {
  readonly people: readonly PresentPerson[];
  readonly texts: Texts;
}): React.ReactNode {
  const writing = people.some(({ doing }) => doing === "writing");
  const names = people.map(({ name }) => name).join(", ");
  const Icon = writing ? IconEdit : IconEye;
  return (
    <span
      className={css["there"]}
      role="img"
      aria-label={t(writing ? "presence.writing" : "presence.looking", { names })}
      title={t(writing ? "presence.writing" : "presence.looking", { names })}
    >
      <Icon size={12} aria-hidden />
      {people.length}
    </span>
  );
}
