import { Select } from "@mantine/core";
import type { TextKey } from "../text/keys.ts";
import { useText } from "../text/use-text.ts";
import type { Part } from "./chart.tsx";
import css from "./insight.module.css";
import { bucketKeys, bucketOf, isLong } from "./period.ts";
import { barsOption } from "./pictures/bars.ts";
import { flowOption } from "./pictures/flow.ts";
import { heatOption } from "./pictures/heat.ts";
import { sankeyOption } from "./pictures/moves.ts";
import { trendOption } from "./pictures/trend.ts";
import { Picture, TablePart, useDimensionTitle, useFitting } from "./picture.tsx";
import { useMenu, useReport, type Report } from "./report.ts";
import type { Scope } from "./scope.tsx";
import { byValues, valuesOf } from "./value-order.ts";

interface PanelProps {
  readonly scope: Scope;
}

/** a click on a bar, a point or a cell means its row; the series' id is the measure */
const byPart = ({ dataIndex, seriesId }: Part) => ({ row: dataIndex, measure: seriesId });

function Trend({ scope }: PanelProps): React.ReactNode {
  const { t } = useText();
  const { from, to, other, filters } = scope;
  const groupBy = bucketOf(from, to);
  const measures = "tickets,reactionCompliance,resolutionCompliance";
  const stretches = {
    shown: bucketKeys(groupBy, from, to),
    other: other === null ? [] : bucketKeys(groupBy, other.from, other.to),
  };
  const fitting = useFitting("sla", filters);
  const before = useReport("sla", { ...fitting.filters, ...other, groupBy, measures }, other !== null);
  return (
    <Picture
      title={t("insight.trend")}
      summary={({ rows }) => t("insight.trendSummary", { count: rows.length })}
      report="sla"
      query={{ from, to, groupBy, measures }}
      filters={filters}
      option={(report, colour) =>
        trendOption(report, other === null ? undefined : before.data, stretches, colour, {
          reaction: t("insight.reaction"),
          resolution: t("insight.resolution"),
          target: t("insight.target"),
          before: t("insight.otherPeriod"),
          nothing: t("insight.noneJudged"),
        })
      }
      means={({ dataIndex, seriesId }, { rows }) => {
        const row = rows.findIndex(({ keys }) => keys[groupBy] === stretches.shown[dataIndex]);
        return row < 0 ? null : { row, measure: seriesId };
      }}
    />
  );
}

function Flow({ scope }: PanelProps): React.ReactNode {
  const { t } = useText();
  const { from, to, filters } = scope;
  return (
    <Picture
      title={t("insight.flow")}
      summary={t("insight.flowSummary")}
      report="flow"
      query={{ from, to, groupBy: bucketOf(from, to), measures: "arrivals,closures,backlog" }}
      filters={filters}
      option={(report, colour) =>
        flowOption(report, colour, {
          arrivals: t("insight.arrivals"),
          closures: t("insight.closures"),
          backlog: t("insight.backlog"),
        })
      }
      means={byPart}
    />
  );
}

const shadesOf = (measure: string) =>
  measure === "arrivals" ? { least: "--accent-soft", most: "--accent" } : { least: "--bad-soft", most: "--bad" };

const heat =
  (measure: "arrivals" | "reactionMisses" | "resolutionMisses", title: TextKey, summary: TextKey) =>
  ({ scope }: PanelProps): React.ReactNode => {
    const { t } = useText();
    const { from, to, filters } = scope;
    return (
      <Picture
        title={t(title)}
        summary={t(summary)}
        report="heatmap"
        query={{ from, to, groupBy: "weekday,hour", measures: measure }}
        filters={filters}
        option={(report, colour, width) => heatOption(report, measure, colour, shadesOf(measure), width)}
        means={({ data }) => {
          const row = (data as { value: readonly number[] }).value[3];
          return row === undefined ? null : { row, measure };
        }}
      />
    );
  };

/** One bar for every band of a dimension, also for one without a ticket; a click on a bar means the row of its band. */
function useBands(dimension: string) {
  const values = valuesOf(useMenu().data, dimension);
  return {
    option: (report: Report, colour: (token: string) => string, width: number) =>
      barsOption(byValues(report, dimension, values), "tickets", colour, { width }),
    means: ({ dataIndex, seriesId }: Part, report: Report) => {
      const band = byValues(report, dimension, values).rows[dataIndex]?.keys[dimension];
      const row = report.rows.findIndex(({ keys }) => keys[dimension] === band);
      return row < 0 ? null : { row, measure: seriesId };
    },
  };
}

const distribution = (of: "reaction" | "resolution", title: TextKey) => {
  const name = `${of}Time`;
  const judged = `${of}Compliance`;
  return function Distribution({ scope }: PanelProps): React.ReactNode {
    const { t } = useText();
    const { from, to, filters } = scope;
    return (
      <Picture
        title={t(title)}
        summary={t("insight.distributionSummary")}
        report="tickets"
        query={{ from, to, groupBy: name, measures: `tickets,${judged}` }}
        filters={filters}
        {...useBands(name)}
      />
    );
  };
};

function Moves({ scope }: PanelProps): React.ReactNode {
  const { t, term } = useText();
  const { from, to, filters } = scope;
  return (
    <Picture
      title={t("insight.moves")}
      summary={t("insight.movesSummary")}
      height={340}
      report="transitions"
      // the middle one of seven million moves of a year takes a minute to find, their mean a few seconds
      query={{ from, to, measures: isLong(from, to) ? "transitions,beforeMean" : "transitions,beforeMedian,beforeP90" }}
      filters={filters}
      option={(report, colour, width) => sankeyOption(report, colour, (status) => term("ticketStatus", status), width)}
      means={({ data }) => {
        const { row } = (data ?? {}) as { row?: number };
        return row === undefined ? null : { row, measure: "transitions" };
      }}
    />
  );
}

/** What is open at the moment shown, whenever it came: no period narrows it. */
function Ageing({ scope }: PanelProps): React.ReactNode {
  const { t } = useText();
  return (
    <Picture
      title={t("insight.ageing")}
      summary={({ total }) => t("insight.ageingSummary", { count: total?.values["tickets"] ?? 0 })}
      report="backlog"
      query={{ groupBy: "age", measures: "tickets" }}
      filters={scope.filters}
      {...useBands("age")}
    />
  );
}

function Lines({ scope }: PanelProps): React.ReactNode {
  const { t } = useText();
  const { from, to, filters } = scope;
  return (
    <Picture
      title={t("insight.lines")}
      summary={t("insight.linesSummary")}
      report="lines"
      query={{ from, to, measures: "tickets,wallPerTicket" }}
      filters={filters}
      option={(report, colour, width) => barsOption(report, "wallPerTicket", colour, { unit: "seconds", width })}
      means={({ dataIndex }) => ({ row: dataIndex, measure: "tickets" })}
    />
  );
}

function HandOvers({ scope }: PanelProps): React.ReactNode {
  const { t } = useText();
  const { from, to, filters } = scope;
  return (
    <Picture
      title={t("insight.handOvers")}
      summary={t("insight.handOversSummary")}
      report="quality"
      query={{ from, to, groupBy: "group", measures: "tickets,handedOver,handOvers,handOversMean" }}
      filters={filters}
      option={(report, colour, width) => barsOption(report, "handOvers", colour, { lying: true, width })}
      means={byPart}
    />
  );
}

function States({ scope }: PanelProps): React.ReactNode {
  const { t } = useText();
  const { from, to, filters } = scope;
  return <TablePart title={t("insight.states")} report="states" query={{ from, to }} filters={filters} />;
}

function Pauses({ scope }: PanelProps): React.ReactNode {
  const { t } = useText();
  const { from, to, filters } = scope;
  return <TablePart title={t("insight.pauses")} report="pauses" query={{ from, to }} filters={filters} />;
}

const cuts = ["organization", "contract", "type", "priority", "line", "group", "engineer", "product", "channel"];

/** Compliance by any dimension; a row narrows the whole dashboard to itself and goes on by the next dimension. */
function Cut({ scope }: PanelProps): React.ReactNode {
  const { t } = useText();
  const titleOf = useDimensionTitle();
  const { from, to, filters, other, search, set } = scope;
  const free = cuts.filter((name) => filters[name] === undefined);
  const asked = search["cut"];
  const cut = asked !== undefined && free.includes(asked) ? asked : (free[0] ?? "month");
  return (
    <TablePart
      title={t("insight.cut")}
      report="tickets"
      query={{
        from,
        to,
        groupBy: cut,
        limit: 200,
        measures: [
          "tickets",
          "open",
          "reactionMissed",
          "reactionCompliance",
          "resolutionMissed",
          "resolutionCompliance",
          "resolutionWorkingMedian",
          "resolutionWorkingP90",
        ].join(","),
      }}
      other={other ?? undefined}
      filters={filters}
      onNarrow={(keys) => set({ ...keys, cut: undefined })}
    >
      <Select
        size="xs"
        className={css["cut"] ?? ""}
        aria-label={t("insight.groupBy")}
        allowDeselect={false}
        value={cut}
        data={[...new Set([...free, cut])].map((value) => ({ value, label: titleOf(value) }))}
        onChange={(value) => set({ cut: value ?? undefined })}
      />
    </TablePart>
  );
}

interface Panel {
  readonly id: string;
  readonly title: TextKey;
  /** takes the whole width */
  readonly wide: boolean;
  readonly Part: React.FunctionComponent<PanelProps>;
}

/** Everything that a dashboard may show, in its usual order. */
export const panels: readonly Panel[] = [
  { id: "trend", title: "insight.trend", wide: false, Part: Trend },
  { id: "flow", title: "insight.flow", wide: false, Part: Flow },
  {
    id: "reactionTimes",
    title: "insight.reactionTimes",
    wide: false,
    Part: distribution("reaction", "insight.reactionTimes"),
  },
  {
    id: "resolutionTimes",
    title: "insight.resolutionTimes",
    wide: false,
    Part: distribution("resolution", "insight.resolutionTimes"),
  },
  {
    id: "arrivals",
    title: "insight.heat",
    wide: false,
    Part: heat("arrivals", "insight.heat", "insight.heatSummary"),
  },
  {
    id: "reactionMisses",
    title: "insight.reactionMisses",
    wide: false,
    Part: heat("reactionMisses", "insight.reactionMisses", "insight.missesSummary"),
  },
  {
    id: "resolutionMisses",
    title: "insight.misses",
    wide: false,
    Part: heat("resolutionMisses", "insight.misses", "insight.missesSummary"),
  },
  { id: "ageing", title: "insight.ageing", wide: false, Part: Ageing },
  { id: "lines", title: "insight.lines", wide: false, Part: Lines },
  { id: "handOvers", title: "insight.handOvers", wide: false, Part: HandOvers },
  { id: "moves", title: "insight.moves", wide: true, Part: Moves },
  { id: "cut", title: "insight.cut", wide: true, Part: Cut },
  { id: "states", title: "insight.states", wide: true, Part: States },
  { id: "pauses", title: "insight.pauses", wide: true, Part: Pauses },
];
