import { useNames } from "../api/directory.ts";
import { dayText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { useFilterWords } from "./filter-words.ts";
import { targetText } from "./report.ts";
import { useCalendars } from "./what-if-form.tsx";
import type { Job } from "./what-if-outcome.tsx";
import { promises, waits } from "./what-if-terms.ts";
import own from "./what-if.module.css";

/** the filters of a question by the names that our screens have for them */
const names: Readonly<Record<string, string>> = {
  organizationId: "organization",
  contractId: "contract",
  groupId: "group",
  engineerId: "engineer",
};
const byNames: Readonly<Record<string, "registered" | "resolved" | "closed">> = {
  registeredAt: "registered",
  resolvedAt: "resolved",
  closedAt: "closed",
};

/** By which terms was judged, and what: in words, as the answer itself has them, whatever the form says by now. */
export function JudgedTerms({ job: { asked } }: { readonly job: Job }): React.ReactNode {
  const { t, term } = useText();
  const { contract } = useNames();
  const filterWords = useFilterWords();
  const calendars = useCalendars();
  const { policy, contractId, version, calendarId, calendarVersion, period, filter } = asked;
  const calendar = calendars.find(({ id }) => id === calendarId)?.name ?? calendarId;
  const said = [
    ...(contractId === undefined || version === undefined
      ? []
      : [`${contract(contractId)}, ${t("insight.version", { version })}`]),
    ...(calendarId === undefined
      ? []
      : [
          `${t("insight.calendar")}: ${calendar ?? ""}${calendarVersion === undefined ? "" : `, ${t("insight.version", { version: calendarVersion })}`}`,
        ]),
    ...waits.flatMap((of) => {
      const stops = policy?.pauses?.[of];
      if (stops === undefined) return [];
      const title = t(of === "customer" ? "insight.pauseCustomer" : "insight.pauseApproval");
      return [`${title}: ${t(stops ? "insight.stops" : "insight.runs")}`];
    }),
    ...(policy?.targets ?? []).map(
      (target) =>
        `${term("ticketType", target.type)}, ${term("priority", target.priority)}: ${promises
          .flatMap((promise) => {
            const one = target[promise];
            return one === undefined ? [] : [`${t(`insight.promise.${promise}`)} ${targetText(one)}`];
          })
          .join(", ")}`,
    ),
    ...(policy?.ola ?? []).map(
      ({ line, target }) => `${t("insight.olaTarget", { line: term("line", String(line)) })}: ${targetText(target)}`,
    ),
  ];
  const about = Object.entries(filter).map(([name, values]) => filterWords(names[name] ?? name, values.join(",")));
  return (
    <div className={own["terms"]} data-terms>
      {t("insight.judgedBy")}
      <ul>
        {said.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <p>
        {dayText(Date.parse(period.from))} – {dayText(Date.parse(period.to) - 43_200_000)} · {t("insight.by")}:{" "}
        {t(`insight.by.${byNames[asked.by] ?? "registered"}`)}
        {about.map((one) => ` · ${one}`).join("")}
      </p>
    </div>
  );
}
