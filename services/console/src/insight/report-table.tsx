import { useText } from "../text/use-text.ts";
import { NumberThatOpens } from "../ui/number-that-opens.tsx";
import css from "./insight.module.css";
import { figureText, inWords, keyText, useListOf, useMenu, type Column, type Report, type Row } from "./report.ts";
import { headsOf } from "./heads.ts";
import { inOrder } from "./value-order.ts";

interface TableProps {
  readonly report: Report;
  /** the same report of another period, beside it */
  readonly other?: Report | undefined;
  readonly caption: string;
  /** narrows to a row: what its keys say becomes a filter */
  readonly onNarrow?: ((keys: Readonly<Record<string, string>>) => void) | undefined;
}

/** A report as a table; every number opens the list that it counts, and a row can be narrowed to. */
export function ReportTable({ report, other, caption, onNarrow }: TableProps): React.ReactNode {
  const { t } = useText();
  const menu = useMenu();
  const opens = (name: string): boolean => menu.data?.measures.find((each) => each.name === name)?.opens !== false;
  const dimensions = report.columns.filter(({ role }) => role === "dimension");
  const measures = report.columns.filter(({ role }) => role === "measure");
  const keyOf = ({ keys }: Row): string => report.groupBy.map((name) => keys[name] ?? "").join("|");
  const before = new Map(other?.rows.map((row) => [keyOf(row), row]));
  const heads = headsOf(measures, ({ title }) => inWords(title));
  const deep = heads.some(({ over }) => over !== null) ? 2 : 1;
  const line = (row: Row, total: boolean): React.ReactNode => (
    <tr key={total ? "total" : keyOf(row)} className={total ? css["total"] : undefined}>
      {dimensions.map(({ name }, index) => (
        <th key={name} scope="row">
          {total ? index === 0 ? t("insight.total") : "" : <Key row={row} name={name} onNarrow={onNarrow} />}
        </th>
      ))}
      {dimensions.length === 0 ? <th scope="row">{t("insight.total")}</th> : null}
      {measures.map((column) => (
        <td key={column.name} data-figure>
          <Figure row={row} column={column} opens={opens(column.name)} />
          {other === undefined ? null : (
            <Change
              now={row.values[column.name] ?? null}
              before={(total ? other.total : before.get(keyOf(row)))?.values[column.name] ?? null}
              column={column}
            />
          )}
        </td>
      ))}
    </tr>
  );
  return (
    <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={caption}>
      <table className={css["table"]} data-dense={report.columns.length > 12}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {dimensions.map((column) => (
              <th key={column.name} scope="col" rowSpan={deep}>
                {inWords(column.title)}
              </th>
            ))}
            {dimensions.length === 0 ? (
              <th scope="col" rowSpan={deep}>
                {t("insight.scope")}
              </th>
            ) : null}
            {heads.map(({ over, columns: [first, ...others] }) =>
              over === null ? (
                <th key={first.name} scope="col" data-figure rowSpan={deep}>
                  {inWords(first.title)}
                </th>
              ) : (
                <th key={first.name} scope="colgroup" className={css["over"]} colSpan={1 + others.length}>
                  {over}
                </th>
              ),
            )}
          </tr>
          {deep === 1 ? null : (
            <tr>
              {heads.flatMap(({ over, columns }) =>
                over === null
                  ? []
                  : columns.map((column) => (
                      <th key={column.name} scope="col" data-figure>
                        {capital(inWords(column.title).slice(over.length + 2))}
                      </th>
                    )),
              )}
            </tr>
          )}
        </thead>
        <tbody>
          {dimensions.length === 0 ? null : inOrder(report, menu.data).map((row) => line(row, false))}
          {report.total === null ? null : line(report.total, true)}
        </tbody>
      </table>
    </div>
  );
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

interface KeyProps {
  readonly row: Row;
  readonly name: string;
  readonly onNarrow: TableProps["onNarrow"];
}

function Key({ row, name, onNarrow }: KeyProps): React.ReactNode {
  const { t } = useText();
  const word = keyText(row, name);
  const key = row.keys[name];
  if (onNarrow === undefined) return word;
  return (
    <button
      type="button"
      className={css["link"]}
      title={t("insight.narrow", { word })}
      onClick={() => onNarrow({ [name]: key ?? "none" })}
    >
      {word}
    </button>
  );
}

interface FigureProps {
  readonly row: Row;
  readonly column: Column;
  readonly opens: boolean;
}

function Figure({ row, column, opens }: FigureProps): React.ReactNode {
  const listOf = useListOf();
  const value = row.values[column.name];
  const text = figureText(value, column.unit);
  if (!opens || value === null || value === undefined || (column.unit === "count" && value === 0))
    return <span>{text}</span>;
  return (
    <NumberThatOpens
      value={value}
      text={text}
      to="/insight/tickets"
      search={listOf(row, column.name)}
      label={inWords(column.title)}
    />
  );
}

interface ChangeProps {
  readonly now: number | null;
  readonly before: number | null;
  readonly column: Column;
}

function Change({ now, before, column }: ChangeProps): React.ReactNode {
  const { t } = useText();
  if (before === null) return <span className={css["change"]}>{t("insight.noBefore")}</span>;
  const sign = now === null || now === before ? "" : now > before ? "▲ " : "▼ ";
  return (
    <span className={css["change"]}>
      {sign}
      {t("insight.before", { value: figureText(before, column.unit) })}
    </span>
  );
}
