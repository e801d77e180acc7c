import { SegmentedControl } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { addressOf } from "../api/client.ts";
import { useNames } from "../api/directory.ts";
import { useMoment, useRead } from "../moment/moment.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { now } from "../time/now.ts";
import { Moment } from "../ui/moment.tsx";
import { Empty, Failure, Loading } from "../ui/states.tsx";
import css from "./insight.module.css";
import { figureText } from "./report.ts";

const verdicts = ["missed", "willMiss", "inTime", "paused", "never"] as const;
const asked = { missed: "missed", willMiss: "will_miss", inTime: "in_time", paused: "paused", never: "never" } as const;

interface Forecast {
  readonly until: string;
  readonly totals: Readonly<Record<(typeof verdicts)[number] | "tickets" | "clocks", number>> | null;
  readonly items: readonly {
    readonly ticketId: string;
    readonly number: string;
    readonly subject: string;
    readonly organizationId: string;
    readonly engineerId: string | null;
    readonly groupId: string | null;
    readonly kind: string;
    readonly deadline: string | null;
    readonly remainingSeconds: number | null;
    readonly pausedBecause: string | null;
    readonly verdict: string;
  }[];
}

const spans = [
  ["insight.hours8", 8],
  ["insight.hours24", 24],
  ["insight.hours72", 72],
  ["insight.hours168", 168],
] as const;

/** Which clocks will miss if nothing changes; a paused one stays paused. */
export function ForecastScreen(): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const navigate = useNavigate();
  const { asOf } = useMoment();
  const search = useSearch({ strict: false }) as { hours?: string | number; verdict?: string };
  const hours = Number(search.hours ?? 24);
  const at = asOf === null ? Math.ceil(now() / 600_000) * 600_000 : Date.parse(asOf);
  const until = new Date(at + hours * 3_600_000).toISOString();
  const { verdict } = search;
  const query = { until, verdict, limit: 200 };
  const forecast = useRead<Forecast>("/forecast", { query, refetchInterval: 60_000 });
  const all = useRead<Forecast>("/forecast", { query: { until, limit: 1 }, refetchInterval: 60_000 });
  const set = (change: object): void =>
    void navigate({ to: ".", replace: true, search: ((before: object) => ({ ...before, ...change })) as never });
  useEffect(() => {
    document.title = `${t("insight.forecast")} · Docket`;
  }, [t]);
  const totals = all.data?.totals;
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("insight.forecast")}</h1>
        <SegmentedControl
          size="xs"
          aria-label={t("insight.until")}
          value={String(hours)}
          onChange={(value) => set({ hours: value })}
          data={spans.map(([title, value]) => ({ value: String(value), label: t(title) }))}
        />
        <a href={addressOf("/forecast", { ...query, ...(asOf === null ? {} : { asOf }), format: "csv" })} download>
          {t("insight.csv")}
        </a>
      </header>
      <p className={css["about"]}>{t("insight.forecastHint")}</p>
      {totals == null ? null : (
        <dl className={css["tiles"]}>
          {verdicts.map((name) => (
            <div key={name} data-tile={name}>
              <dt>{t(`insight.verdict.${name}`)}</dt>
              <dd>
                <button
                  type="button"
                  className={css["link"]}
                  aria-pressed={verdict === asked[name]}
                  onClick={() => set({ verdict: verdict === asked[name] ? undefined : asked[name] })}
                >
                  {numberText(totals[name])}
                </button>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {forecast.isError ? (
        <Failure error={forecast.error} retry={() => void forecast.refetch()} />
      ) : forecast.data === undefined ? (
        <Loading rows={10} />
      ) : forecast.data.items.length === 0 ? (
        <Empty title={t("insight.noClocks")} />
      ) : (
        <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={t("insight.forecast")}>
          <table className={css["table"]}>
            <thead>
              <tr>
                <th scope="col">{t("column.number")}</th>
                <th scope="col">{t("column.subject")}</th>
                <th scope="col">{t("column.customer")}</th>
                <th scope="col">{t("column.who")}</th>
                <th scope="col">{t("insight.clock")}</th>
                <th scope="col">{t("insight.deadline")}</th>
                <th scope="col">{t("insight.left")}</th>
                <th scope="col">{t("insight.verdict")}</th>
              </tr>
            </thead>
            <tbody>
              {forecast.data.items.map((row) => (
                <tr key={`${row.ticketId}${row.kind}`}>
                  <th scope="row">
                    <Link to="/tickets/$ticket" params={{ ticket: row.number } as never}>
                      {row.number}
                    </Link>
                  </th>
                  <td className={css["wide"]}>{row.subject}</td>
                  <td>{names.organization(row.organizationId)}</td>
                  <td>{row.engineerId === null ? names.group(row.groupId) : names.person(row.engineerId)}</td>
                  <td>{term("clockKind", row.kind)}</td>
                  <td>{row.deadline === null ? "–" : <Moment at={row.deadline} />}</td>
                  <td>{figureText(row.remainingSeconds, "seconds")}</td>
                  <td data-state={row.verdict}>
                    {t(`insight.verdict.${verdicts.find((name) => asked[name] === row.verdict) ?? "never"}`)}
                    {row.pausedBecause === null ? "" : `: ${term("pausedBecause", row.pausedBecause)}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
