import type { Verification } from "@docket/api-contract";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { post } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { useMoment, useRead } from "../moment/moment.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { Moment } from "../ui/moment.tsx";
import { Shown } from "../ui/shown.tsx";
import { Empty } from "../ui/states.tsx";
import css from "./audit.module.css";
import { isGoingOn, Outcome, VerifyNow } from "./verification.tsx";

interface Checkpoints {
  readonly items: readonly {
    readonly number: number;
    readonly at: string;
    readonly position: string;
    readonly streams: number;
    readonly root: string;
    readonly faults: readonly { readonly stream: string; readonly revision: number; readonly fault: string }[];
    readonly signedBy: readonly string[];
  }[];
  readonly keys: readonly {
    readonly key: string;
    readonly pem: string;
    readonly introducedAt: string;
    readonly endorsedBy: readonly string[];
  }[];
}

/** Whether the record is whole, and who vouches for it: verifications, signed checkpoints, keys. */
export function TrustScreen(): React.ReactNode {
  const { t } = useText();
  const { asOf } = useMoment();
  // the one that was begun here and is shown with its progress; the list shows it when it is over
  const [going, setGoing] = useState<string | null>(null);
  const verifications = useRead<{ items: readonly Verification[] }>("/verifications", {
    timeless: true,
    refetchInterval: 10_000,
  });
  const checkpoints = useRead<Checkpoints>("/checkpoints", {
    query: { limit: 100 },
    timeless: true,
    refetchInterval: 30_000,
  });
  useEffect(() => {
    document.title = `${t("audit.trust")} · Docket`;
  }, [t]);
  // Both are facts with their own times: of a past moment those that were there by then.
  const known = (at: string): boolean => asOf === null || at <= asOf;
  return (
    <div className={css["search"]}>
      <header className={css["searchHead"]}>
        <h1>{t("audit.trust")}</h1>
      </header>
      <p className={css["about"]}>{t("audit.trustHint")}</p>
      <section className={css["section"]}>
        <h2>{t("audit.verifications")}</h2>
        <VerifyNow ticket={null} onGoing={setGoing} />
        <Shown of={verifications} rows={4}>
          {({ items }) => {
            const shown = items.filter(({ id, askedAt }) => known(askedAt) && id !== going);
            return going !== null && shown.length === 0 ? null : <Verifications items={shown} />;
          }}
        </Shown>
      </section>
      <section className={css["section"]}>
        <h2>{t("audit.checkpoints")}</h2>
        <CommandButton
          variant="default"
          run={() => post("/checkpoints", {})}
          onDone={() => void queryClient.invalidateQueries({ queryKey: ["checkpoints"] })}
        >
          {t("audit.signNow")}
        </CommandButton>
        <Shown of={checkpoints} rows={6}>
          {({ items }) => <CheckpointTable items={items.filter(({ at }) => known(at))} />}
        </Shown>
      </section>
      <section className={css["section"]}>
        <h2>{t("audit.keys")}</h2>
        <p className={css["about"]}>{t("audit.keysHint")}</p>
        <Shown of={checkpoints} rows={2}>
          {({ keys }) => <KeyTable keys={keys.filter(({ introducedAt }) => known(introducedAt))} />}
        </Shown>
      </section>
    </div>
  );
}

function Verifications({ items }: { readonly items: readonly Verification[] }): React.ReactNode {
  const { t } = useText();
  if (items.length === 0) return <Empty title={t("audit.noVerifications")} hint={t("audit.noVerificationsHint")} />;
  return (
    <ol className={css["runs"]}>
      {items.map((run) => (
        <li key={run.id}>
          <p>
            <Moment at={run.askedAt} /> · {run.askedByName ?? run.askedBy} ·{" "}
            {run.ticketId === null ? (
              t("audit.wholeRecord")
            ) : (
              <Link to="/tickets/$ticket" params={{ ticket: run.number ?? run.ticketId } as never}>
                {run.number ?? run.ticketId}
              </Link>
            )}
          </p>
          {isGoingOn(run) ? (
            <p className={css["quiet"]} role="status">
              {t("audit.verified", { done: numberText(run.progress.done), total: numberText(run.progress.total) })}
            </p>
          ) : (
            <Outcome of={run} />
          )}
        </li>
      ))}
    </ol>
  );
}

function CheckpointTable({ items }: { readonly items: Checkpoints["items"] }): React.ReactNode {
  const { t } = useText();
  if (items.length === 0) return <Empty title={t("audit.noCheckpoints")} hint={t("audit.noCheckpointsHint")} />;
  return (
    <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={t("audit.checkpoints")}>
      <table className={css["table"]}>
        <thead>
          <tr>
            <th scope="col">{t("audit.checkpointNumber")}</th>
            <th scope="col">{t("audit.when")}</th>
            <th scope="col" className={css["figure"]}>
              {t("audit.upTo")}
            </th>
            <th scope="col" className={css["figure"]}>
              {t("audit.streams")}
            </th>
            <th scope="col">{t("audit.signedBy")}</th>
            <th scope="col">{t("audit.root")}</th>
            <th scope="col">{t("audit.faults")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ number, at, position, streams, signedBy, root, faults }) => (
            <tr key={number}>
              <th scope="row">{number}</th>
              <td>
                <Moment at={at} />
              </td>
              <td className={css["figure"]}>{numberText(Number(position))}</td>
              <td className={css["figure"]}>{numberText(streams)}</td>
              <td className={css["mono"]}>{signedBy.join(", ")}</td>
              <td className={css["mono"]} title={root}>
                {root.slice(0, 16)}…
              </td>
              <td data-bad={faults.length > 0}>
                {faults.length === 0
                  ? t("audit.noFaults")
                  : faults.map(({ stream, revision, fault }) => `${stream}@${revision}: ${fault}`).join("; ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function KeyTable({ keys }: { readonly keys: Checkpoints["keys"] }): React.ReactNode {
  const { t } = useText();
  if (keys.length === 0) return <Empty title={t("audit.noKeys")} hint={t("audit.noCheckpointsHint")} />;
  const save = (key: string, pem: string): void => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([pem], { type: "application/x-pem-file" }));
    link.download = `docket-${key}.pem`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={t("audit.keys")}>
      <table className={css["table"]}>
        <thead>
          <tr>
            <th scope="col">{t("audit.key")}</th>
            <th scope="col">{t("audit.introduced")}</th>
            <th scope="col">{t("audit.endorsedBy")}</th>
            <th scope="col">{t("audit.publicKey")}</th>
          </tr>
        </thead>
        <tbody>
          {keys.map(({ key, introducedAt, endorsedBy, pem }) => (
            <tr key={key}>
              <th scope="row" className={css["mono"]}>
                {key}
              </th>
              <td>
                <Moment at={introducedAt} />
              </td>
              <td className={css["mono"]}>{endorsedBy.length === 0 ? "–" : endorsedBy.join(", ")}</td>
              <td>
                <button type="button" className={css["link"]} onClick={() => save(key, pem)}>
                  {t("audit.savePem")}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
