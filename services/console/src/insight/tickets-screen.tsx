import { Link, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { addressOf } from "../api/client.ts";
import { usePages } from "../api/pages.ts";
import { useNames } from "../api/directory.ts";
import { useMoment } from "../moment/moment.ts";
import { dayText, numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { Because } from "../ui/because.tsx";
import { Moment } from "../ui/moment.tsx";
import { More } from "../ui/more.tsx";
import { Shown } from "../ui/shown.tsx";
import { Empty } from "../ui/states.tsx";
import { useFilterWords } from "./filter-words.ts";
import css from "./insight.module.css";
import { figureText, inWords, useMenu } from "./report.ts";
import { StateWord } from "./state-word.tsx";

interface Counted {
  readonly ticketId: string;
  readonly number: string;
  readonly organization: string;
  readonly type: string;
  readonly priority: string;
  readonly status: string;
  readonly group: string | null;
  readonly engineer: string | null;
  readonly registeredAt: string;
  readonly reaction: string | null;
  readonly resolution: string | null;
  readonly resolutionWorkingSeconds: number | null;
}
interface Page {
  readonly items: readonly Counted[];
  readonly nextPage: string | null;
  readonly count?: number;
  readonly position: string;
}
/** what is no filter of the question */
const notFilters = new Set([
  "from",
  "to",
  "zone",
  "calendar",
  "by",
  "asOf",
  "atPosition",
  "measure",
  "measures",
  "groupBy",
]);

/** From when to when: whole days by their names, with the last one in it; else its two moments. */
function Stretch({ from, to }: { readonly from: string; readonly to: string | undefined }): React.ReactNode {
  const [begins, ends] = [Date.parse(from), to === undefined ? undefined : Date.parse(to)];
  if (ends !== undefined && isMidnight(begins) && isMidnight(ends))
    return (
      <>
        {" "}
        · {dayText(begins)} – {dayText(ends - 43_200_000)}
      </>
    );
  return (
    <>
      {" "}
      · <Moment at={from} />
      {to === undefined ? null : (
        <>
          {" – "}
          <Moment at={to} />
        </>
      )}
    </>
  );
}
const isMidnight = (at: number): boolean => new Date(at).getHours() === 0 && new Date(at).getMinutes() === 0;

/** The tickets that a figure counts; the address is the figure's own question. */
export function TicketsScreen(): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const menu = useMenu();
  const words = useFilterWords();
  const { asOf: past } = useMoment();
  const all = useSearch({ strict: false }) as Record<string, unknown>;
  const search = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value as string)]));
  const { report = "tickets", at, asOf: _shown, ...rest } = search;
  const moment = past ?? at;
  const query: Record<string, string> = { ...rest, ...(moment === undefined ? {} : { asOf: moment }) };
  const path = `/reports/${report}/tickets`;
  useEffect(() => {
    document.title = `${t("insight.list")} · Docket`;
  }, [t]);
  const found = usePages<Page>(path, query);
  const total = found.data?.pages[0]?.count;
  const clock = (state: string | null): string => (state === null ? "–" : term("clockState", state));
  const asked = menu.data?.reports.find((each) => each.name === report);
  const measure = menu.data?.measures.find((each) => each.name === query["measure"]);
  const filters = Object.entries(query).filter(([name]) => !notFilters.has(name));
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>
          {t("insight.list")} {total === undefined ? null : <span data-count={total}>{numberText(total)}</span>}
        </h1>
        <a href={addressOf("/reports/rows", { ...query, measure: undefined, format: "csv" })} download>
          {t("insight.rowsCsv")}
        </a>
      </header>
      <p className={css["about"]}>
        {asked === undefined ? null : inWords(asked.title)}
        {measure === undefined ? null : (
          <>
            {" "}
            · <b>{inWords(measure.title)}</b> <Because>{inWords(measure.definition)}</Because>
          </>
        )}
        {query["from"] === undefined ? null : <Stretch from={query["from"]} to={query["to"]} />}
        {filters.map(([name, value]) => ` · ${words(name, value)}`).join("")}
      </p>
      <Shown of={found} rows={12}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length === 0) return <Empty title={t("insight.empty")} hint={t("insight.emptyHint")} />;
          return (
            <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={t("insight.list")}>
              <table className={css["table"]}>
                <thead>
                  <tr>
                    <th scope="col">{t("column.number")}</th>
                    <th scope="col">{t("column.customer")}</th>
                    <th scope="col">{t("column.type")}</th>
                    <th scope="col">{t("column.status")}</th>
                    <th scope="col">{t("column.who")}</th>
                    <th scope="col">{t("column.registered")}</th>
                    <th scope="col">{t("column.reaction")}</th>
                    <th scope="col">{t("column.resolution")}</th>
                    <th scope="col">{t("insight.worked")}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.ticketId}>
                      <th scope="row">
                        <Link to="/tickets/$ticket" params={{ ticket: row.number } as never}>
                          {row.number}
                        </Link>
                      </th>
                      <td className={css["breaks"]}>{names.organization(row.organization)}</td>
                      <td className={css["breaks"]}>
                        {term("ticketType", row.type)}, {term("priority", row.priority)}
                      </td>
                      <td className={css["breaks"]}>{term("ticketStatus", row.status)}</td>
                      <td className={css["breaks"]}>
                        {row.engineer === null ? names.group(row.group) : names.person(row.engineer)}
                      </td>
                      <td>
                        <Moment at={row.registeredAt} />
                      </td>
                      <td>
                        <StateWord state={row.reaction}>{clock(row.reaction)}</StateWord>
                      </td>
                      <td>
                        <StateWord state={row.resolution}>{clock(row.resolution)}</StateWord>
                      </td>
                      <td>{figureText(row.resolutionWorkingSeconds, "seconds")}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Shown>
      <More of={found} />
    </div>
  );
}
