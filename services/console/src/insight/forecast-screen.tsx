import { SegmentedControl } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { addressOf } from "../api/client.ts";
import { usePages } from "../api/pages.ts";
import { useNames } from "../api/directory.ts";
import { useMoment, useRead } from "../moment/moment.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { now } from "../time/now.ts";
import { IconX } from "../ui/icons.ts";
import { Moment } from "../ui/moment.tsx";
import { More } from "../ui/more.tsx";
import { SavedScreens } from "../ui/saved-screens.tsx";
import { Shown } from "../ui/shown.tsx";
import { Empty } from "../ui/states.tsx";
import css from "./insight.module.css";
import { usePaper } from "./paper.ts";
import { figureText, noneText } from "./report.ts";
import { StateWord } from "./state-word.tsx";

const verdicts = ["missed", "willMiss", "inTime", "paused", "never"] as const;
const asked = { missed: "missed", willMiss: "will_miss", inTime: "in_time", paused: "paused", never: "never" } as const;
const groupings = ["line", "groupId", "engineerId"] as const;
const groupTitles = { line: "insight.line", groupId: "insight.group", engineerId: "insight.engineer" } as const;

type Counts = Readonly<Record<(typeof verdicts)[number] | "tickets" | "clocks", number>>;
interface Forecast {
  readonly until: string;
  readonly totals: Counts | null;
  readonly groups: Readonly<
    Record<string, readonly (Counts & { readonly key: string | null; readonly nextDeadline: string | null })[]>
  > | null;
  readonly nextPage: string | null;
  readonly items: readonly {
    readonly ticketId: string;
    readonly number: string;
    readonly subject: string;
    readonly organizationId: string;
    readonly engineerId: string | null;
    readonly groupId: string | null;
    readonly kind: string;
    readonly clockLine: number | null;
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

/** Which clocks will miss if nothing changes; a paused one stays paused. By line, group or engineer, and each clock of them. */
export function ForecastScreen(): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const navigate = useNavigate();
  const { asOf } = useMoment();
  usePaper();
  const all = useSearch({ strict: false }) as Record<string, unknown>;
  const search = Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value as string)]])),
  );
  const { verdict } = search;
  const { asOf: _shown, ...saved } = search;
  const hours = Number(search["hours"] ?? 24);
  const grouping = groupings.find((each) => each === search["of"]) ?? "line";
  const at = asOf === null ? Math.ceil(now() / 600_000) * 600_000 : Date.parse(asOf);
  const until = new Date(at + hours * 3_600_000).toISOString();
  const filters = Object.fromEntries(
    groupings.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])),
  );
  const moment = asOf === null ? {} : { asOf };
  const query = { until, verdict, ...filters, ...moment };
  const list = usePages<Forecast>("/forecast", query, { refetchInterval: 60_000 });
  const whole = useRead<Forecast>("/forecast", {
    query: { until, ...filters, groupBy: grouping, limit: 1 },
    refetchInterval: 60_000,
  });
  const set = (change: object): void =>
    void navigate({ to: ".", replace: true, search: ((before: object) => ({ ...before, ...change })) as never });
  useEffect(() => {
    document.title = `${t("insight.forecast")} · Docket`;
  }, [t]);
  const nameOf = (name: string, key: string | null): string =>
    key === null
      ? noneText(name)
      : name === "line"
        ? term("line", key)
        : name === "groupId"
          ? names.group(key)
          : names.person(key);
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("insight.forecast")}</h1>
        <SavedScreens
          area="forecast"
          label={t("insight.savedWhatIfs")}
          current={saved}
          onOpen={(next) => void navigate({ to: "/insight/forecast", search: { ...next, ...moment } as never })}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("insight.until")}
          value={String(hours)}
          onChange={(value) => set({ hours: value })}
          data={spans.map(([title, value]) => ({ value: String(value), label: t(title) }))}
        />
        <a href={addressOf("/forecast", { ...query, format: "csv" })} download>
          {t("insight.csv")}
        </a>
        <button type="button" className={css["link"]} onClick={() => window.print()}>
          {t("insight.print")}
        </button>
      </header>
      <p className={css["about"]}>{t("insight.forecastHint")}</p>
      {Object.keys(filters).length === 0 ? null : (
        <ul className={css["chips"]} aria-label={t("insight.narrowed")}>
          {Object.entries(filters).map(([name, value]) => (
            <li key={name}>
              {t(groupTitles[name as (typeof groupings)[number]])}: {nameOf(name, value === "none" ? null : value)}
              <button type="button" aria-label={t("insight.drop")} onClick={() => set({ [name]: undefined })}>
                <IconX size={13} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Shown of={whole} rows={4}>
        {({ totals, groups }) => (
          <>
            {totals === null ? null : (
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
            <section className={css["section"]} data-groups>
              <header className={css["sectionHead"]}>
                <h2>{t("insight.whose")}</h2>
                <SegmentedControl
                  size="xs"
                  aria-label={t("insight.groupBy")}
                  value={grouping}
                  onChange={(value) => set({ of: value === "line" ? undefined : value })}
                  data={groupings.map((value) => ({ value, label: t(groupTitles[value]) }))}
                />
              </header>
              <Groups
                rows={groups?.[grouping] ?? []}
                nameOf={(key) => nameOf(grouping, key)}
                open={(key, of) => set({ [grouping]: key ?? "none", verdict: of })}
              />
            </section>
          </>
        )}
      </Shown>
      <section className={css["section"]} data-clocks>
        <h2>{t("insight.clocks")}</h2>
        <Shown of={list} rows={10}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) return <Empty title={t("insight.noClocks")} />;
            return (
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
                    {items.map((row) => (
                      <tr key={`${row.ticketId}${row.kind}${row.clockLine ?? ""}`}>
                        <th scope="row">
                          <Link to="/tickets/$ticket" params={{ ticket: row.number } as never}>
                            {row.number}
                          </Link>
                        </th>
                        <td className={css["wide"]}>{row.subject}</td>
                        <td className={css["breaks"]}>{names.organization(row.organizationId)}</td>
                        <td className={css["breaks"]}>
                          {row.engineerId === null ? names.group(row.groupId) : names.person(row.engineerId)}
                        </td>
                        <td>
                          {term("clockKind", row.kind)}
                          {row.clockLine === null ? "" : `, ${term("line", String(row.clockLine))}`}
                        </td>
                        <td>{row.deadline === null ? "–" : <Moment at={row.deadline} />}</td>
                        <td>{row.verdict === "missed" ? "–" : figureText(row.remainingSeconds, "seconds")}</td>
                        <td className={css["breaks"]}>
                          <StateWord state={row.verdict}>
                            {" "}
                            {t(`insight.verdict.${verdicts.find((name) => asked[name] === row.verdict) ?? "never"}`)}
                            {row.pausedBecause === null ? "" : `: ${term("pausedBecause", row.pausedBecause)}`}
                          </StateWord>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            );
          }}
        </Shown>
        <More of={list} />
      </section>
    </div>
  );
}

interface GroupsProps {
  readonly rows: readonly (Counts & { readonly key: string | null; readonly nextDeadline: string | null })[];
  nameOf(key: string | null): string;
  open(key: string | null, verdict: string | undefined): void;
}

/** Whose clocks they are; each figure narrows the list to what it counts. */
function Groups({ rows, nameOf, open }: GroupsProps): React.ReactNode {
  const { t } = useText();
  if (rows.length === 0) return <Empty title={t("insight.noClocks")} />;
  return (
    <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={t("insight.whose")}>
      <table className={css["table"]}>
        <thead>
          <tr>
            <th scope="col">{t("insight.whose")}</th>
            {verdicts.map((name) => (
              <th key={name} scope="col" data-figure>
                {t(`insight.verdict.${name}`)}
              </th>
            ))}
            <th scope="col">{t("insight.nextDeadline")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key ?? ""}>
              <th scope="row">
                <button type="button" className={css["link"]} onClick={() => open(row.key, undefined)}>
                  {nameOf(row.key)}
                </button>
              </th>
              {verdicts.map((name) => (
                <td key={name} data-figure>
                  {row[name] === 0 ? (
                    "0"
                  ) : (
                    <button
                      type="button"
                      className={css["link"]}
                      aria-label={`${nameOf(row.key)}, ${t(`insight.verdict.${name}`)}: ${numberText(row[name])}`}
                      onClick={() => open(row.key, asked[name])}
                    >
                      {numberText(row[name])}
                    </button>
                  )}
                </td>
              ))}
              <td>{row.nextDeadline === null ? "–" : <Moment at={row.nextDeadline} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
