import type { ReplayStep } from "@docket/api-contract";
import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client.ts";
import { useNames } from "../api/directory.ts";
import { filesOf } from "../desk/ticket/facts.tsx";
import { Files } from "../desk/ticket/files.tsx";
import type { Ribbons } from "../desk/ticket/ticket-data.ts";
import { useText } from "../text/use-text.ts";
import { ClockRibbon } from "../ui/clock-ribbon.tsx";
import { ClockWords } from "../ui/clock-words.tsx";
import { Moment } from "../ui/moment.tsx";
import { fieldsAt } from "./as-at.ts";
import css from "./audit.module.css";
import { clockAt } from "./clock-at.ts";

const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/u;

interface PanelProps {
  readonly step: ReplayStep;
  /** all up to it, itself the last */
  readonly steps: readonly ReplayStep[];
  readonly ticketId: string;
}

/** What one step did, and the whole ticket as it left it: fields before and after, clocks as they then stood, mails, and where it comes from. */
export function StepPanel({ step, steps, ticketId }: PanelProps): React.ReactNode {
  const { t, term } = useText();
  const names = useNames();
  const { state } = step;
  const at = Date.parse(step.occurredAt);
  const fields = fieldsAt(steps);
  const changed = fields.filter(({ before }) => before !== null);
  const files = steps.flatMap((each) => filesOf(each));
  const requester = state?.details["requester"] as { readonly name: string } | undefined;
  const nameOfClock = ({ kind, line }: { readonly kind: string; readonly line?: number | null }): string =>
    `${term("clockKind", kind)}${line == null ? "" : `, ${term("line", String(line))}`}`;
  /** names for what stands in the record by its id, moments as moments */
  const named = (field: string, value: unknown, text: string): React.ReactNode => {
    if (typeof value !== "string") return text;
    if (field === "groupId") return names.group(value);
    if (field === "engineerId") return names.person(value);
    return instant.test(value) ? <Moment at={value} /> : text;
  };
  const ribbons = useQuery<Ribbons>({
    queryKey: ["sla", "ribbons", ticketId, step.position],
    staleTime: Infinity,
    placeholderData: (before) => before,
    queryFn: ({ signal }) =>
      get<Ribbons>("/sla/ribbons", {
        query: { tickets: ticketId, asOf: step.recordedAt, atPosition: step.position },
        signal,
      }),
  });
  return (
    <aside className={css["panel"]} aria-label={t("audit.state")}>
      <section>
        <h2>{t("audit.changes")}</h2>
        {changed.length === 0 ? (
          <p className={css["quiet"]}>{t("audit.noChanges")}</p>
        ) : (
          <table className={css["changes"]}>
            <thead>
              <tr>
                <th scope="col">{t("audit.field")}</th>
                <th scope="col">{t("audit.before")}</th>
                <th scope="col">{t("audit.after")}</th>
              </tr>
            </thead>
            <tbody>
              {changed.map((each) => (
                <tr key={each.field}>
                  <th scope="row">{each.title}</th>
                  <td>{each.before === null ? "" : named(each.field, each.before.value, each.before.text)}</td>
                  <td className={css["after"]}>{named(each.field, each.value, each.text)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <section>
        <h2>{t("audit.clocks")}</h2>
        {ribbons.data === undefined || ribbons.data.items.length === 0 ? (
          <p className={css["quiet"]}>{t("audit.noClocks")}</p>
        ) : (
          ribbons.data.items
            .map((clock) => clockAt(clock, at))
            .map((clock) => (
              <div key={`${clock.kind}${clock.line ?? ""}${clock.cycle}`} className={css["clock"]}>
                <p className={css["clockHead"]}>
                  <b>
                    {nameOfClock(clock)}
                    {clock.cycle > 1 ? ` · ${t("side.cycle", { cycle: clock.cycle })}` : ""}
                  </b>
                  <ClockWords clock={clock} readAt={at} at={at} />
                </p>
                <ClockRibbon clock={clock} at={at} size="full" />
                {clock.deadline === null ? null : (
                  <p className={css["quiet"]}>
                    {t("side.due")} <Moment at={clock.deadline} />
                  </p>
                )}
              </div>
            ))
        )}
        {step.clocks.length === 0 ? null : (
          <ul className={css["effects"]}>
            {step.clocks.map((clock) => (
              <li key={clock.clock}>
                {nameOfClock(clock)}: {clock.text}
                {clock.deadlineAfter === null || clock.deadlineAfter === clock.deadlineBefore ? null : (
                  <>
                    , {t("fact.due")}{" "}
                    {clock.deadlineBefore === null ? null : (
                      <s>
                        <Moment at={clock.deadlineBefore} />
                      </s>
                    )}{" "}
                    <Moment at={clock.deadlineAfter} />
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h2>{t("audit.state")}</h2>
        <dl className={css["fields"]}>
          {state === undefined ? null : (
            <>
              <div>
                <dt>{t("column.customer")}</dt>
                <dd>{names.organization(state.organizationId)}</dd>
              </div>
              <div>
                <dt>{t("audit.requester")}</dt>
                <dd>{requester?.name ?? state.requesterName}</dd>
              </div>
              <div>
                <dt>{t("audit.contract")}</dt>
                <dd>{names.contract(state.contractId)}</dd>
              </div>
            </>
          )}
          {fields.map((each) => (
            <div key={each.field} data-changed={each.before !== null}>
              <dt>{each.title}</dt>
              <dd>
                {each.before === null || each.before.value == null ? null : (
                  <>
                    <s>{named(each.field, each.before.value, each.before.text)}</s>{" "}
                  </>
                )}
                {named(each.field, each.value, each.text)}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      {files.length === 0 ? null : (
        <section>
          <h2>{t("audit.files")}</h2>
          <Files files={files} at={`/tickets/${ticketId}`} />
        </section>
      )}
      {step.mails.length === 0 ? null : (
        <section>
          <h2>{t("audit.mails")}</h2>
          <ul className={css["effects"]}>
            {step.mails.map(({ id, to, subject, sentAt, createdAt }) => (
              <li key={id}>
                {to}: {subject} <Moment at={sentAt ?? createdAt} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{t("audit.cause")}</h2>
        <dl className={css["pairs"]}>
          <dt>{t("audit.position")}</dt>
          <dd>{step.position}</dd>
          <dt>{t("audit.hash")}</dt>
          <dd>
            <code title={step.hash}>{step.hash.slice(0, 16)}…</code>
          </dd>
          <dt>{t("audit.command")}</dt>
          <dd>
            <code>{step.commandId}</code>
          </dd>
          <dt>{t("audit.correlation")}</dt>
          <dd>
            <code>{step.correlationId}</code>
          </dd>
        </dl>
        {step.provenance === null ? null : (
          <p className={css["quiet"]}>
            {t("audit.provenance", {
              file: String(step.provenance["source"] ?? step.provenance["file"]),
              row: String(step.provenance["row"]),
            })}
          </p>
        )}
      </section>
    </aside>
  );
}
