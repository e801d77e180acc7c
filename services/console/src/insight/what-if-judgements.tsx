import { Link } from "@tanstack/react-router";
import { usePages } from "../api/pages.ts";
import { useNames } from "../api/directory.ts";
import { useText } from "../text/use-text.ts";
import { Moment } from "../ui/moment.tsx";
import { More } from "../ui/more.tsx";
import { Shown } from "../ui/shown.tsx";
import { Empty } from "../ui/states.tsx";
import css from "./insight.module.css";
import { figureText, targetText } from "./report.ts";
import { StateWord } from "./state-word.tsx";

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
  readonly organizationId: string;
  readonly type: string;
  readonly priority: string;
  readonly clocks: readonly {
    readonly kind: string;
    readonly line: number | null;
    readonly cycle: number;
    readonly recorded: Judged | null;
    readonly whatIf: Judged | null;
    readonly because: readonly {
      readonly code: string;
      readonly text: string;
      readonly extendedTo?: string;
    }[];
  }[];
}

/** Which clocks are listed: of one kind, judged so and so, for one reason; those with another outcome, another time, or all. */
export interface Listed {
  readonly kind?: string | undefined;
  readonly was?: string | undefined;
  readonly now?: string | undefined;
  readonly reason?: string | undefined;
  readonly show?: string | undefined;
}

/** Both judgements of each clock, and why they differ. */
export function Judgements({ jobId, listed }: { readonly jobId: string; readonly listed: Listed }): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const { kind, was, now, reason, show } = listed;
  const query = {
    ...(show === "all" ? {} : show === "moved" ? { moved: "true" } : { changed: "true" }),
    kind,
    from: was,
    to: now,
    reason,
  };
  const found = usePages<{ items: readonly Compared[]; nextPage: string | null }>(`/what-if/${jobId}/tickets`, query);
  return (
    <>
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
                  {items.flatMap(({ ticketId, number, subject, organizationId, type, priority, clocks }) =>
                    clocks.map(({ kind: of, line, cycle, recorded, whatIf, because }) => (
                      <tr key={`${ticketId}${of}${line ?? ""}${cycle}`}>
                        <th scope="row" title={subject}>
                          <Link to="/tickets/$ticket" params={{ ticket: number } as never}>
                            {number}
                          </Link>
                          <span className={css["judged"]}>{names.organization(organizationId)}</span>
                          <span className={css["judged"]}>
                            {term("ticketType", type)}, {term("priority", priority)}
                          </span>
                        </th>
                        <td>
                          {term("clockKind", of)}
                          {line === null ? "" : `, ${term("line", String(line))}`}
                        </td>
                        <JudgedCell judged={recorded} />
                        <JudgedCell judged={whatIf} />
                        <td className={css["wide"]}>
                          {because.map(({ code, text, extendedTo }, index) => (
                            <span key={code + text}>
                              {index === 0 ? "" : "; "}
                              {code === "extension" && extendedTo !== undefined ? (
                                <>
                                  {t("insight.extensionNotLater")} <Moment at={extendedTo} />
                                </>
                              ) : (
                                text
                              )}
                            </span>
                          ))}
                        </td>
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
  if (judged === null) return <td>{t("insight.noClock")}</td>;
  return (
    <td>
      <StateWord state={judged.state}> {term("clockState", judged.state)}</StateWord>
      <span className={css["judged"]}>
        {t("insight.used", { used: figureText(judged.usedSeconds, "seconds") })}
        {judged.target === null ? "" : ` ${t("insight.ofTarget", { target: targetText(judged.target) })}`}
        {judged.deadline === null ? null : (
          <>
            {" · "}
            <Moment at={judged.deadline} />
          </>
        )}
      </span>
    </td>
  );
}
