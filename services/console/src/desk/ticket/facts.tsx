import type { TimelineEntry } from "@docket/api-contract";
import { Link } from "@tanstack/react-router";
import type { Names } from "../../api/directory.ts";
import type { Texts } from "../../text/use-text.ts";
import { Moment } from "../../ui/moment.tsx";

export type FactKind = "message" | "note" | "change" | "clock" | "mail";

const clockEvents = new Set([
  "TicketDeadlineWarned",
  "TicketDeadlineMissed",
  "TicketExtended",
  "TicketClocksRecomputed",
  "TicketReminded",
]);
/** where what was said stands in the event */
const saidIn: Readonly<Record<string, string>> = {
  TicketCommented: "text",
  TicketMessageJoined: "text",
  TicketCustomerAsked: "question",
  TicketCustomerAnswered: "answer",
  TicketCallLogged: "summary",
  TicketResolved: "solution",
  TicketWorkaroundGiven: "workaround",
  TicketRegistered: "description",
  TicketChangeProposed: "scope",
  TicketDowntimeAnnounced: "message",
  TicketReturned: "reason",
  TicketEscalationStudied: "findings",
  TicketEscalationActionsDecided: "actions",
  TicketEscalationActionsDone: "outcome",
};
const messages = new Set([
  "TicketCommented",
  "TicketMessageJoined",
  "TicketCustomerAsked",
  "TicketCustomerAnswered",
  "TicketCallLogged",
  "TicketResolved",
  "TicketWorkaroundGiven",
  "TicketRegistered",
  "TicketReturned",
]);

/** Which of the timeline's kinds an event is of. */
export function kindOf({ type, data }: TimelineEntry): FactKind {
  if (type === "TicketCommented" && data["visibility"] === "internal") return "note";
  if (messages.has(type)) return "message";
  return clockEvents.has(type) ? "clock" : "change";
}

/** What somebody said, when the event is of that sort. */
export function saidText({ type, data }: TimelineEntry): string | null {
  const field = saidIn[type];
  const text = field === undefined ? undefined : data[field];
  return typeof text === "string" && text.trim() !== "" ? text : null;
}

export interface FileOf {
  readonly sha256: string;
  readonly name: string;
  readonly size: number;
  readonly mediaType: string;
}

/** Files that came with the event. */
export function filesOf({ data }: Pick<TimelineEntry, "data">): readonly FileOf[] {
  const one = data["attachment"];
  return [
    ...((data["attachments"] as readonly FileOf[] | undefined) ?? []),
    ...(one === undefined ? [] : [one as FileOf]),
  ];
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** What changed, old to new, in a few words; undefined when the title says all. */
export function changeOf({ type, data }: TimelineEntry, { t, term }: Texts, names: Names): React.ReactNode {
  const reason = text(data["reason"]);
  const because = reason === "" ? "" : ` — ${reason}`;
  const who = text(data["engineerName"]) || names.group(text(data["groupId"]));
  switch (type) {
    case "TicketClassified": {
      const before = data["previous"] as { type: string; priority: string } | null;
      const kind = (of: { type: string; priority: string }): string =>
        `${term("ticketType", of.type)}, ${term("priority", of.priority)}`;
      const now = kind(data as unknown as { type: string; priority: string });
      return `${before === null || kind(before) === now ? now : `${kind(before)} → ${now}`}${because}`;
    }
    case "TicketAssigned":
    case "TicketAccepted":
      // A customer is not told of lines.
      return `${[data["line"] == null ? "" : term("line", String(data["line"] as number)), who].filter(Boolean).join(", ")}${because}`;
    case "TicketHandedOver": {
      const lines = [data["fromLine"], data["toLine"]]
        .filter((line) => line != null)
        .map((line) => term("line", String(line as number)));
      return `${[lines.join(" → "), who].filter(Boolean).join(", ")}${because}`;
    }
    case "TicketDeadlineWarned":
    case "TicketDeadlineMissed":
      return (
        <>
          {term("clockKind", text(data["clock"]))}, {t("fact.due")} <Moment at={text(data["deadline"])} />
        </>
      );
    case "TicketExtended":
      return (
        <>
          {data["oldDeadline"] == null ? null : (
            <>
              <Moment at={text(data["oldDeadline"])} /> →{" "}
            </>
          )}
          <Moment at={text(data["newDeadline"])} />
          {because}
        </>
      );
    case "TicketEscalated":
      // The policy's reason is a code of its own; people get the clock that was the cause.
      return data["cause"] == null
        ? `${term("escalatedBy", text(data["by"]))}${because}`
        : `${term("escalatedBy", text(data["by"]))}: ${term("clockKind", text((data["cause"] as { clock?: string }).clock))}`;
    case "TicketLinked":
      return (
        <Link to="/tickets/$ticket" params={{ ticket: text(data["toTicketId"]) } as never}>
          {t(`link.${text(data["kind"])}` as "link.related")}
        </Link>
      );
    case "TicketMarkedDuplicate":
      return (
        <Link to="/tickets/$ticket" params={{ ticket: text(data["ofNumber"]) } as never}>
          {text(data["ofNumber"])}
        </Link>
      );
    case "TicketReminded":
      return t("fact.reminder", { number: data["number"] as number, of: data["of"] as number });
    case "TicketUpdateInstalled":
      return `${text(data["product"])} ${text(data["version"])}`;
    case "TicketChangeProposed":
      return term("proposalKind", text(data["kind"]));
    case "TicketDowntimeAnnounced":
      return (
        <>
          {text(data["equipment"])}: <Moment at={text(data["from"])} /> – <Moment at={text(data["to"])} />
        </>
      );
    case "TicketClocksRecomputed":
      return t(data["because"] === "calendar" ? "fact.byCalendar" : "fact.byPolicy");
    case "TicketAutoClosed":
      return t(data["because"] === "policy" ? "fact.closedByPolicy" : "fact.closedNoAnswer");
    default:
      return reason === "" || type === "TicketReturned" ? undefined : reason;
  }
}
