import type { ReplayStep } from "@docket/api-contract";
import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client.ts";
import type { Ribbons } from "../desk/ticket/ticket-data.ts";
import { useText } from "../text/use-text.ts";
import { ClockRibbon } from "../ui/clock-ribbon.tsx";
import { ClockWords } from "../ui/clock-words.tsx";
import { Moment } from "../ui/moment.tsx";
import css from "./audit.module.css";

/** What one step did: fields before and after, clocks as they then stood, mails, and where it comes from. */
export function StepPanel({
  step,
  ticketId,
}: {
  readonly step: ReplayStep;
  readonly ticketId: string;
}): React.ReactNode {
  const { t, term } = useText();
  const at = Date.parse(step.recordedAt);
  const ribbons = useQuery<Ribbons>({
    queryKey: ["sla", "ribbons", ticketId, step.recordedAt],
    staleTime: Infinity,
    placeholderData: (before) => before,
    queryFn: ({ signal }) =>
      get<Ribbons>("/sla/ribbons", { query: { tickets: ticketId, asOf: step.recordedAt }, signal }),
  });
  return (
    <aside className={css["panel"]} aria-label={t("audit.state")}>
      <section>
        <h2>{t("audit.changes")}</h2>
        {step.changes.length === 0 ? (
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
              {step.changes.map(({ field, title, beforeText, afterText }) => (
                <tr key={field}>
                  <th scope="row">{title}</th>
                  <td>{beforeText}</td>
                  <td className={css["after"]}>{afterText}</td>
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
          ribbons.data.items.map((clock) => (
            <div key={`${clock.kind}${clock.line ?? ""}${clock.cycle}`} className={css["clock"]}>
              <p>
                <b>{term("clockKind", clock.kind)}</b>{" "}
                {clock.line == null ? null : <span>{term("line", String(clock.line))} </span>}
                <ClockWords
                  clock={clock}
                  hours={clock.calendarId === undefined ? undefined : ribbons.data.calendars[clock.calendarId]}
                  readAt={at}
                  at={at}
                />
              </p>
              <ClockRibbon clock={clock} at={at} size="full" />
            </div>
          ))
        )}
        {step.clocks.length === 0 ? null : (
          <ul className={css["effects"]}>
            {step.clocks.map(({ clock, text }) => (
              <li key={clock}>{text}</li>
            ))}
          </ul>
        )}
      </section>
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
