import type { TicketClock } from "@docket/api-contract";
import { useState } from "react";
import { isCustomer, useSession } from "../../api/session.ts";
import { useMoment, useRead } from "../../moment/moment.ts";
import { durationText, workText } from "../../text/format.ts";
import { targetWords } from "../../text/target.ts";
import { useText } from "../../text/use-text.ts";
import { ClockRibbon } from "../../ui/clock-ribbon.tsx";
import { ClockWords } from "../../ui/clock-words.tsx";
import type { RibbonClock } from "../../ui/clock.ts";
import { Moment } from "../../ui/moment.tsx";
import { Failure, Loading } from "../../ui/states.tsx";
import css from "./ticket.module.css";
import type { Ribbons } from "./ticket-data.ts";

/** One clock of a ticket: its countdown, its ribbon, and why its deadline is what it is. */
export function Clock({
  clock,
  ribbons,
  reference,
}: {
  readonly clock: RibbonClock;
  readonly ribbons: Ribbons;
  readonly reference: string;
}): React.ReactNode {
  const { t, term } = useText();
  const { asOf } = useMoment();
  const [why, setWhy] = useState(false);
  const at = asOf === null ? null : Date.parse(asOf);
  return (
    <div className={css["clock"]}>
      <div className={css["clockHead"]}>
        <b>
          {term("clockKind", clock.kind)}
          {clock.line == null ? "" : ` · L${clock.line}`}
          {clock.cycle > 1 ? ` · ${t("side.cycle", { cycle: clock.cycle })}` : ""}
        </b>
        <ClockWords
          clock={clock}
          hours={clock.calendarId === undefined ? undefined : ribbons.calendars[clock.calendarId]}
          readAt={Date.parse(ribbons.at)}
          at={at}
        />
      </div>
      <ClockRibbon clock={clock} at={at} size="full" />
      <p className={css["hint"]}>
        {clock.deadline === null ? null : (
          <>
            {t("side.due")} <Moment at={clock.deadline} />
            {clock.extended === true ? ` (${t("side.extended")})` : ""}{" "}
          </>
        )}
        <button type="button" className={css["link"]} aria-expanded={why} onClick={() => setWhy(!why)}>
          {t("side.why")}
        </button>
      </p>
      {why ? <Why reference={reference} kind={clock.kind} line={clock.line ?? null} /> : null}
    </div>
  );
}

/** Why this deadline, interval by interval, under which versions of calendar and policy. */
function Why({
  reference,
  kind,
  line,
}: {
  readonly reference: string;
  readonly kind: string;
  readonly line: number | null;
}): React.ReactNode {
  const { t } = useText();
  const customer = isCustomer(useSession().account);
  const clocks = useRead<{ items: readonly TicketClock[] }>(`/tickets/${reference}/clocks`);
  const calendars = useRead<{ items: readonly { id: string; name: string }[] }>("/calendars", {
    query: { limit: 500 },
    enabled: !customer,
  });
  if (clocks.isError && clocks.data === undefined) return <Failure error={clocks.error} />;
  const clock = clocks.data?.items.findLast((each) => each.kind === kind && (each.line ?? null) === line);
  if (clock === undefined) return <Loading rows={3} />;
  const { intervals, ahead } = clock.explanation;
  return (
    <div className={css["why"]} tabIndex={0} role="region" aria-label={t("side.why")}>
      <p>
        {t("side.whyHead", {
          target: targetWords(clock.target, t),
          calendar: calendars.data?.items.find(({ id }) => id === clock.calendarId)?.name ?? clock.calendarId,
          calendarVersion: clock.calendarVersion,
          policyVersion: clock.policyVersion,
          used: workText(clock.explanation.usedSeconds * 1000),
        })}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("side.from")}</th>
            <th scope="col">{t("side.to")}</th>
            <th scope="col">{t("side.counted")}</th>
          </tr>
        </thead>
        <tbody>
          {[
            ...intervals.map((each) => ({ ...each, later: false })),
            ...ahead.map((each) => ({ ...each, later: true })),
          ].map((each) => (
            <tr key={`${each.from}${each.later}`} data-counted={each.counted} data-later={each.later}>
              <td>
                <Moment at={each.from} />
              </td>
              <td>
                <Moment at={each.to} />
              </td>
              <td>
                {each.counted ? durationText(each.seconds * 1000) : "–"} <span>{each.text}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
