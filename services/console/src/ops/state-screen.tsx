import { useEffect } from "react";
import { post } from "../api/client.ts";
import { useNames } from "../api/directory.ts";
import { queryClient } from "../api/query-client.ts";
import { useRead } from "../moment/moment.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { Moment } from "../ui/moment.tsx";
import { Stale } from "../ui/shown.tsx";
import { Failure, Loading } from "../ui/states.tsx";
import { Timeless } from "../ui/timeless.tsx";
import css from "./ops.module.css";
import { type Processes, ProcessTables } from "./processes.tsx";
import { Simulator } from "./simulator.tsx";
import { StreamLink } from "./stream-link.tsx";
import { Table } from "./table.tsx";
import { useWord } from "./word.ts";

interface Projections {
  readonly head: string;
  readonly checkpoint: string;
  readonly lagEvents: number;
  readonly lagCapped: boolean;
  readonly items: readonly {
    readonly name: string;
    readonly version: number;
    readonly generation: number;
    readonly switchedAt: string;
    readonly parkedStreams: number;
    readonly rebuildable: boolean;
  }[];
  readonly projectors: readonly {
    readonly instance: string;
    readonly state: string;
    readonly position: string;
    readonly stuckBecause: string | null;
    readonly updatedAt: string;
    readonly alive: boolean;
  }[];
  readonly requests: readonly {
    readonly requestId: string;
    readonly projections: readonly string[];
    readonly askedBy: string;
    readonly askedAt: string;
    readonly state: string;
    readonly detail: string | null;
  }[];
  readonly parked: readonly {
    readonly projection: string;
    readonly stream: string;
    readonly events: number;
    readonly type: string;
    readonly cause: string | null;
    readonly parkedAt: string;
  }[];
  readonly rebuilds: readonly {
    readonly id: number;
    readonly projection: string;
    readonly state: string;
    readonly eventsDone: number;
    readonly rowsWritten: number;
    readonly position: string;
    readonly target: string;
    readonly error: string | null;
    readonly startedAt: string;
  }[];
}

const every = { timeless: true, refetchInterval: 2_000 } as const;

/** How the read side and the processes stand; asked anew every two seconds. */
export function StateScreen(): React.ReactNode {
  const { t } = useText();
  const names = useNames();
  const word = useWord();
  const projections = useRead<Projections>("/ops/projections", every);
  const processes = useRead<Processes>("/ops/processes", every);
  useEffect(() => {
    document.title = `${t("ops.state")} · Docket`;
  }, [t]);
  const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ["ops"] });
  if (projections.data === undefined || processes.data === undefined) {
    const failed = projections.data === undefined ? projections.error : processes.error;
    return failed === null ? <Loading rows={10} /> : <Failure error={failed} retry={refresh} />;
  }
  const { items, parked, projectors, rebuilds, requests, lagEvents, lagCapped, head, checkpoint } = projections.data;
  const none = t("ops.none");
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("ops.state")}</h1>
        <CommandButton variant="default" run={() => post("/ops/rebuilds", {})} onDone={refresh}>
          {t("ops.rebuildAll")}
        </CommandButton>
      </header>
      <Timeless />
      <Stale of={projections.isError ? projections : processes} />
      <p className={css["line"]} data-lag={lagEvents > 0}>
        {lagEvents === 0
          ? t("ops.noLag", { head })
          : t("ops.lag", { events: numberText(lagEvents) + (lagCapped ? "+" : ""), checkpoint, head })}{" "}
        {processes.data.store.reachable ? t("ops.storeThere") : t("ops.storeAway")}
      </p>
      <Table
        title={t("ops.models")}
        none={none}
        heads={[
          t("ops.name"),
          t("ops.version"),
          t("ops.generation"),
          t("ops.switched"),
          t("ops.parked"),
          t("ops.doing"),
        ]}
        rows={items.map(({ name, version, generation, switchedAt, parkedStreams, rebuildable }) => [
          name,
          version,
          generation,
          <Moment key="at" at={switchedAt} />,
          parkedStreams,
          rebuildable ? (
            <CommandButton
              key="run"
              size="compact-xs"
              variant="default"
              run={() => post("/ops/rebuilds", { projections: [name] })}
              onDone={refresh}
            >
              {t("ops.rebuild")}
            </CommandButton>
          ) : (
            "–"
          ),
        ])}
      />
      <Table
        title={t("ops.projectors")}
        none={none}
        heads={[t("ops.name"), t("ops.outcome"), t("ops.position"), t("ops.cause"), t("ops.when")]}
        rows={projectors.map(({ instance, state, position, stuckBecause, updatedAt, alive }) => [
          instance,
          alive || state === "stopped" ? word("projector", state) : t("ops.silent"),
          position,
          stuckBecause ?? "–",
          <Moment key="at" at={updatedAt} />,
        ])}
      />
      <Table
        title={t("ops.parkedEvents")}
        none={t("ops.noParked")}
        heads={[
          t("ops.name"),
          t("ops.stream"),
          t("ops.event"),
          t("ops.waiting"),
          t("ops.cause"),
          t("ops.when"),
          t("ops.doing"),
        ]}
        rows={parked.map(({ projection, stream, events, type, cause, parkedAt }) => [
          projection,
          <StreamLink key="stream" stream={stream} />,
          type,
          events,
          cause ?? "–",
          <Moment key="at" at={parkedAt} />,
          <CommandButton
            key="run"
            size="compact-xs"
            variant="default"
            run={() => post("/ops/parked/release", { projection, stream })}
            onDone={refresh}
          >
            {t("ops.release")}
          </CommandButton>,
        ])}
      />
      <Table
        title={t("ops.rebuilds")}
        none={t("ops.noRebuilds")}
        heads={[
          t("ops.name"),
          t("ops.outcome"),
          t("ops.progress"),
          t("ops.rowsWritten"),
          t("ops.when"),
          t("ops.cause"),
        ]}
        rows={rebuilds.map(({ projection, state, eventsDone, rowsWritten, position, target, startedAt, error }) => [
          projection,
          word("rebuild", state),
          <span key="progress">
            <progress value={Number(position)} max={Math.max(1, Number(target))} aria-label={t("ops.progress")} />{" "}
            {numberText(eventsDone)}
          </span>,
          numberText(rowsWritten),
          <Moment key="at" at={startedAt} />,
          error ?? "–",
        ])}
      />
      <Table
        title={t("ops.requests")}
        none={t("ops.noRequests")}
        heads={[t("ops.name"), t("ops.outcome"), t("ops.askedBy"), t("ops.when"), t("ops.cause")]}
        rows={requests.map(({ projections: asked, state, askedBy, askedAt, detail }) => [
          asked.length === 0 ? t("ops.allModels") : asked.join(", "),
          word("request", state),
          names.person(askedBy) || askedBy,
          <Moment key="at" at={askedAt} />,
          detail ?? "–",
        ])}
      />
      <ProcessTables of={processes.data} />
      <Simulator />
    </div>
  );
}
