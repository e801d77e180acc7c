import { Link } from "@tanstack/react-router";
import { addressOf } from "../api/client.ts";
import { usePages } from "../api/pages.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { IconX } from "../ui/icons.ts";
import { Moment } from "../ui/moment.tsx";
import { More } from "../ui/more.tsx";
import { Shown } from "../ui/shown.tsx";
import { Empty } from "../ui/states.tsx";
import css from "./insight.module.css";
import { figureText } from "./report.ts";
import { StateWord } from "./state-word.tsx";

interface Counts {
  readonly met: number;
  readonly missed: number;
  readonly running: number;
  readonly paused: number;
  readonly compliance: number | null;
}
export interface Job {
  readonly jobId: string;
  readonly state: "running" | "done" | "failed" | "cancelled";
  readonly progress: { readonly tickets: number; readonly total: number };
  readonly position: string;
  readonly totals: {
    readonly tickets: number;
    readonly changedTickets: number;
    readonly kinds: readonly { readonly kind: string; readonly recorded: Counts; readonly whatIf: Counts }[];
    readonly changes: readonly {
      readonly kind: string;
      readonly from: string;
      readonly to: string;
      readonly count: number;
    }[];
    readonly reasons: readonly { readonly kind: string; readonly reason: string; readonly count: number }[];
  } | null;
}
interface Judged {
  readonly state: string;
  readonly target: string | null;
  readonly deadline: string | null;
  readonly usedSeconds: number;
}
interface Compared {
  readonly ticketId: string;
  readonly number: string;
  readonly subject: string;
  readonly clocks: readonly {
    readonly kind: string;
    readonly line: number | null;
    readonly cycle: number;
    readonly changed: boolean;
    readonly recorded: Judged | null;
    readonly whatIf: Judged | null;
    readonly because: readonly { readonly code: string; readonly text: string }[];
  }[];
}

/** Which of the changed clocks are listed. */
export interface Narrowing {
  readonly kind?: string;
  readonly was?: string;
  readonly now?: string;
  readonly reason?: string;
}

interface OutcomeProps {
  readonly job: Job;
  readonly narrowed: Narrowing;
  narrow(to: Narrowing): void;
}

/** Both judgements side by side, what changed into what and why, and every clock that it changed for. */
export function Outcome({ job, narrowed, narrow }: OutcomeProps): React.ReactNode {
  const { t, term } = useText();
  const { totals } = job;
  if (totals === null) return null;
  const state = (of: string): string => (of === "none" ? t("insight.none") : term("clockState", of));
  const cells = ({ met, missed, running, paused, compliance }: Counts): React.ReactNode => (
    <>
      <td>{numberText(met)}</td>
      <td>{numberText(missed)}</td>
      <td>{numberText(running + paused)}</td>
      <td>{figureText(compliance, "percent")}</td>
    </>
  );
  const same = (to: Narrowing): boolean => JSON.stringify(to) === JSON.stringify(narrowed);
  const opener = (count: number, what: string, to: Narrowing): React.ReactNode => (
    <button
      type="button"
      className={css["link"]}
      aria-pressed={same(to)}
      aria-label={`${what}: ${numberText(count)}`}
      onClick={() => narrow(same(to) ? {} : to)}
    >
      {numberText(count)}
    </button>
  );
  return (
    <>
      <section className={css["section"]}>
        <h2>{t("insight.both")}</h2>
        <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={t("insight.both")}>
          <table className={css["table"]}>
            <thead>
              <tr>
                <th scope="col">{t("insight.clock")}</th>
                <th scope="col">{t("insight.terms")}</th>
                <th scope="col">{term("clockState", "met")}</th>
                <th scope="col">{term("clockState", "missed")}</th>
                <th scope="col">{t("insight.running")}</th>
                <th scope="col">{t("insight.compliance")}</th>
              </tr>
            </thead>
            <tbody>
              {totals.kinds.flatMap(({ kind, recorded, whatIf }) => [
                <tr key={`${kind}recorded`}>
                  <th scope="row">{term("clockKind", kind)}</th>
                  <td>{t("insight.asRecorded")}</td>
                  {cells(recorded)}
                </tr>,
                <tr key={`${kind}whatIf`} className={css["total"]}>
                  <th scope="row">{term("clockKind", kind)}</th>
                  <td>{t("insight.byOther")}</td>
                  {cells(whatIf)}
                </tr>,
              ])}
            </tbody>
          </table>
        </div>
        <p className={css["about"]}>
          {t("insight.changed", { changed: numberText(totals.changedTickets), total: numberText(totals.tickets) })}{" "}
          <a href={addressOf(`/what-if/${job.jobId}/tickets`, { format: "csv" })} download>
            {t("insight.csv")}
          </a>
        </p>
      </section>
      {totals.changes.length === 0 ? (
        <Empty title={t("insight.nothingChanged")} />
      ) : (
        <section className={css["section"]}>
          <h2>{t("insight.whatChanged")}</h2>
          <ul className={css["changes"]}>
            {totals.changes.map(({ kind, from, to, count }) => (
              <li key={`${kind}${from}${to}`}>
                {term("clockKind", kind)}: {state(from)} → <b>{state(to)}</b>{" "}
                {opener(count, `${term("clockKind", kind)}: ${state(from)} → ${state(to)}`, {
                  kind,
                  was: from,
                  now: to,
                })}
              </li>
            ))}
            {totals.reasons.map(({ kind, reason, count }) => (
              <li key={`${kind}${reason}`}>
                {term("clockKind", kind)}: {t(`insight.reason.${reason}` as "insight.reason.target")}{" "}
                {opener(count, t(`insight.reason.${reason}` as "insight.reason.target"), { kind, reason })}
              </li>
            ))}
          </ul>
          <Changed jobId={job.jobId} narrowed={narrowed} narrow={narrow} />
        </section>
      )}
    </>
  );
}

interface ChangedProps {
  readonly jobId: string;
  readonly narrowed: Narrowing;
  narrow(to: Narrowing): void;
}

function Changed({ jobId, narrowed, narrow }: ChangedProps): React.ReactNode {
  const { t, term } = useText();
  const { kind, was, now, reason } = narrowed;
  const query = { changed: "true", kind, from: was, to: now, reason };
  const found = usePages<{ items: readonly Compared[]; nextPage: string | null }>(`/what-if/${jobId}/tickets`, query);
  return (
    <>
      {kind === undefined ? null : (
        <p className={css["about"]}>
          <button type="button" className={css["link"]} onClick={() => narrow({})}>
            <IconX size={13} aria-hidden /> {t("insight.allChanged")}
          </button>
        </p>
      )}
      <Shown of={found} rows={6}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return found.hasNextPage ? null : <Empty title={t("insight.noClocks")} />;
          return (
            <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={t("insight.whatChanged")}>
              <table className={css["table"]} data-changed>
                <thead>
                  <tr>
                    <th scope="col">{t("column.number")}</th>
                    <th scope="col">{t("insight.clock")}</th>
                    <th scope="col">{t("insight.asRecorded")}</th>
                    <th scope="col">{t("insight.byOther")}</th>
                    <th scope="col">{t("insight.because")}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.flatMap(({ ticketId, number, subject, clocks }) =>
                    clocks
                      .filter((clock) => clock.changed && (kind === undefined || clock.kind === kind))
                      .map(({ kind: of, line, cycle, recorded, whatIf, because }) => (
                        <tr key={`${ticketId}${of}${line ?? ""}${cycle}`}>
                          <th scope="row" title={subject}>
                            <Link to="/tickets/$ticket" params={{ ticket: number } as never}>
                              {number}
                            </Link>
                          </th>
                          <td>
                            {term("clockKind", of)}
                            {line === null ? "" : `, ${term("line", String(line))}`}
                          </td>
                          <JudgedCell judged={recorded} />
                          <JudgedCell judged={whatIf} />
                          <td className={css["wide"]}>{because.map(({ text }) => text).join("; ")}</td>
                        </tr>
                      )),
                  )}
                </tbody>
              </table>
            </div>
          );
        }}
      </Shown>
      <More of={found} />
    </>
  );
}

function JudgedCell({ judged }: { readonly judged: Judged | null }): React.ReactNode {
  const { t, term } = useText();
  if (judged === null) return <td>{t("insight.none")}</td>;
  return (
    <td>
      <StateWord state={judged.state}>
        {" "}
        {term("clockState", judged.state)}
        {judged.target === null ? "" : `, ${judged.target}`}
        {judged.deadline === null ? null : (
          <>
            {" "}
            · <Moment at={judged.deadline} />
          </>
        )}
      </StateWord>
    </td>
  );
}
