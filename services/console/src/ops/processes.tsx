import { Link } from "@tanstack/react-router";
import { durationText, numberText, sizeText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { Moment } from "../ui/moment.tsx";
import { StreamLink } from "./stream-link.tsx";
import { Table } from "./table.tsx";
import { useWord } from "./word.ts";

export interface Processes {
  readonly processes: readonly {
    readonly instance: string;
    readonly name: string;
    readonly version: string;
    readonly runtime: string;
    readonly startedAt: string;
    readonly seenAt: string;
    readonly alive: boolean;
    readonly memoryBytes: number;
    readonly heapBytes: number;
    readonly busy: number;
  }[];
  readonly items: readonly {
    readonly name: string;
    readonly connections: number;
    readonly busy: number;
    readonly since: string | null;
  }[];
  readonly store: { readonly reachable: boolean; readonly head: string | null };
  readonly leads: readonly { readonly name: string; readonly holder: string; readonly acquiredAt: string }[];
  readonly reactors: readonly {
    readonly name: string;
    readonly position: string;
    readonly updatedAt: string;
    readonly behind: number | null;
    readonly behindCapped: boolean;
    readonly parked: number;
    readonly causes: readonly { readonly stream: string; readonly type: string; readonly cause: string | null }[];
  }[];
  readonly outbox: readonly { readonly status: string; readonly count: number; readonly oldest: string | null }[];
}

/** Which processes live and what they take; who leads, how far each reactor has come, and what mail waits. */
export function ProcessTables({ of }: { readonly of: Processes }): React.ReactNode {
  const { t } = useText();
  const word = useWord();
  const none = t("ops.none");
  return (
    <>
      <Table
        title={t("ops.processes")}
        none={none}
        heads={[
          t("ops.name"),
          t("ops.outcome"),
          t("ops.version"),
          t("ops.uptime"),
          t("ops.memory"),
          t("ops.atWork"),
          t("ops.seen"),
          t("ops.instance"),
        ]}
        rows={of.processes.map((each) => [
          each.name,
          t(each.alive ? "ops.alive" : "ops.silent"),
          `${each.version}, ${each.runtime}`,
          each.alive ? durationText(Date.parse(each.seenAt) - Date.parse(each.startedAt)) : "–",
          t("ops.memoryOf", { all: sizeText(each.memoryBytes), heap: sizeText(each.heapBytes) }),
          `${numberText(Math.round(each.busy * 100))} %`,
          <Moment key="at" at={each.seenAt} />,
          each.instance,
        ])}
      />
      <Table
        title={t("ops.reactors")}
        none={none}
        heads={[t("ops.name"), t("ops.behind"), t("ops.position"), t("ops.when"), t("ops.parked"), t("ops.cause")]}
        rows={of.reactors.map(({ name, position, updatedAt, behind, behindCapped, parked, causes }) => [
          name,
          behind === null ? "–" : numberText(behind) + (behindCapped ? "+" : ""),
          position,
          <Moment key="at" at={updatedAt} />,
          parked,
          causes.length === 0
            ? "–"
            : causes.map(({ stream, type, cause }) => (
                <div key={stream + type}>
                  <StreamLink stream={stream} /> {type}: {cause ?? "–"}
                </div>
              )),
        ])}
      />
      <Table
        title={t("ops.leads")}
        none={none}
        heads={[t("ops.name"), t("ops.holder"), t("ops.since")]}
        rows={of.leads.map(({ name, holder, acquiredAt }) => [name, holder, <Moment key="at" at={acquiredAt} />])}
      />
      <Table
        title={t("ops.connected")}
        none={none}
        heads={[t("ops.name"), t("ops.connections"), t("ops.busy"), t("ops.since")]}
        rows={of.items.map(({ name, connections, busy, since }) => [
          name,
          connections,
          busy,
          since === null ? "–" : <Moment key="at" at={since} />,
        ])}
      />
      <Table
        title={t("ops.outboxNow")}
        none={none}
        heads={[t("ops.outcome"), t("ops.mails"), t("ops.oldest")]}
        rows={of.outbox.map(({ status, count, oldest }) => [
          <Link key="status" to="/ops/outbox" search={{ status } as never}>
            {word("mail", status)}
          </Link>,
          numberText(count),
          oldest === null ? "–" : <Moment key="at" at={oldest} />,
        ])}
      />
    </>
  );
}
