import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { addressOf, get } from "../api/client.ts";
import { useNames } from "../api/directory.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { Moment } from "../ui/moment.tsx";
import { Empty, Failure, Loading } from "../ui/states.tsx";
import css from "./insight.module.css";
import { figureText } from "./report.ts";

interface Counted {
  readonly ticketId: string;
  readonly number: string;
  readonly organization: string;
  readonly type: string;
  readonly priority: string;
  readonly status: string;
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

/** The tickets that a figure counts; the address is the figure's own question. */
export function TicketsScreen(): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const { report = "tickets", ...search } = useSearch({ strict: false }) as Record<string, string>;
  const query = Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)]));
  const path = `/reports/${report}/tickets`;
  useEffect(() => {
    document.title = `${t("insight.list")} · Docket`;
  }, [t]);
  const found = useInfiniteQuery({
    queryKey: ["reports", report, "tickets", query],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) => get<Page>(path, { query: { ...query, limit: 100, page: pageParam }, signal }),
    getNextPageParam: ({ nextPage }) => nextPage,
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (found.isPending) return <Loading rows={12} />;
  const rows = found.data.pages.flatMap(({ items }) => items);
  const total = found.data.pages[0]?.count ?? rows.length;
  const clock = (state: string | null): string => (state === null ? "–" : term("clockState", state));
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>
          {t("insight.list")} <span data-count={total}>{numberText(total)}</span>
        </h1>
        <a href={addressOf("/reports/rows", { ...query, measure: undefined, format: "csv" })} download>
          {t("insight.rowsCsv")}
        </a>
      </header>
      {rows.length === 0 ? (
        <Empty title={t("insight.empty")} hint={t("insight.emptyHint")} />
      ) : (
        <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={t("insight.list")}>
          <table className={css["table"]}>
            <thead>
              <tr>
                <th scope="col">{t("column.number")}</th>
                <th scope="col">{t("column.customer")}</th>
                <th scope="col">{t("column.type")}</th>
                <th scope="col">{t("column.status")}</th>
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
                  <td>{names.organization(row.organization)}</td>
                  <td>
                    {term("ticketType", row.type)}, {term("priority", row.priority)}
                  </td>
                  <td>{term("ticketStatus", row.status)}</td>
                  <td>
                    <Moment at={row.registeredAt} />
                  </td>
                  <td data-state={row.reaction}>{clock(row.reaction)}</td>
                  <td data-state={row.resolution}>{clock(row.resolution)}</td>
                  <td>{figureText(row.resolutionWorkingSeconds, "seconds")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.hasNextPage ? (
        <Button
          size="xs"
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t("insight.more")}
        </Button>
      ) : null}
    </div>
  );
}
