import type { TicketClock, TicketRow, TicketView, TimelineEntry } from "@docket/api-contract";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo, useState } from "react";
import { post, remove } from "../../api/client.ts";
import { useNames } from "../../api/directory.ts";
import { queryClient } from "../../api/query-client.ts";
import { isCustomer, useSession } from "../../api/session.ts";
import { useMoment, useRead } from "../../moment/moment.ts";
import { durationText } from "../../text/format.ts";
import { useText } from "../../text/use-text.ts";
import { ClockRibbon } from "../../ui/clock-ribbon.tsx";
import { ClockWords } from "../../ui/clock-words.tsx";
import type { RibbonClock } from "../../ui/clock.ts";
import { Because } from "../../ui/because.tsx";
import { CommandButton } from "../../ui/command-button.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Failure, Loading } from "../../ui/states.tsx";
import { StatusMark } from "../marks.tsx";
import { filesOf } from "./facts.tsx";
import { Files } from "./files.tsx";
import css from "./ticket.module.css";
import type { Ribbons } from "./ticket-data.ts";

interface SidePanelProps {
  readonly ticket: TicketView;
  readonly ribbons: Ribbons | undefined;
  readonly timeline: readonly TimelineEntry[];
}

/** What stands beside the story: the clocks and why, the customer and his contract, who is told, what belongs to it. */
export const SidePanel = memo(function SidePanel({ ticket, ribbons, timeline }: SidePanelProps): React.ReactNode {
  const { t, term } = useText();
  const { account } = useSession();
  const names = useNames();
  const { details } = ticket;
  const requester = details["requester"] as { name: string; email: string | null; phone: string | null } | undefined;
  const routedBy = details["routedBy"] as { because: string; ruleId: string; rulesVersion: number } | null | undefined;
  const files = timeline.flatMap((fact) => filesOf(fact));
  const customer = isCustomer(account);
  return (
    <aside className={css["side"]} aria-label={t("side.title")}>
      <Section title={t("side.clocks")}>
        {ribbons === undefined ? (
          <Loading rows={2} />
        ) : ribbons.items.length === 0 ? (
          <p className={css["hint"]}>{t("side.noClocks")}</p>
        ) : (
          ribbons.items.map((clock) => (
            <Clock
              key={`${clock.kind}${clock.line ?? ""}${clock.cycle}`}
              clock={clock}
              ribbons={ribbons}
              reference={ticket.number}
            />
          ))
        )}
      </Section>
      <Section title={t("side.facts")}>
        <dl className={css["pairs"]}>
          <Pair name={t("column.who")}>
            {ticket.engineerId === null
              ? ticket.groupId == null
                ? t("queue.nobody")
                : names.group(ticket.groupId)
              : customer
                ? String(details["engineerName"] ?? "")
                : names.person(ticket.engineerId)}
            {ticket.line == null ? null : `, ${term("line", String(ticket.line))}`}{" "}
            {routedBy == null ? null : (
              <Because>
                {t("side.routed", { because: routedBy.because, rule: routedBy.ruleId, version: routedBy.rulesVersion })}
              </Because>
            )}
          </Pair>
          <Pair name={t("column.product")}>
            {[ticket.product, details["productVersion"] as string | null].filter(Boolean).join(" ") || "–"}
          </Pair>
          <Pair name={t("column.channel")}>{term("channel", ticket.channel)}</Pair>
          {ticket.region === null ? null : <Pair name={t("column.region")}>{ticket.region}</Pair>}
          <Pair name={t("column.registered")}>
            <Moment at={ticket.registeredAt} />
          </Pair>
          {ticket.autoCloseAt === null ? null : (
            <Pair name={t("side.autoClose")}>
              <Moment at={ticket.autoCloseAt} />
            </Pair>
          )}
        </dl>
      </Section>
      <Section title={t("side.customer")}>
        <p>
          <b>{names.organization(ticket.organizationId)}</b>
        </p>
        <p>{requester?.name ?? ticket.requesterName}</p>
        <p className={css["hint"]}>{[requester?.email, requester?.phone].filter(Boolean).join(" · ")}</p>
        {customer ? null : <Contract contractId={ticket.contractId} />}
      </Section>
      {files.length === 0 ? null : (
        <Section title={t("side.files")}>
          <Files files={files} at={`/tickets/${ticket.ticketId}`} />
        </Section>
      )}
      <Related ticket={ticket} />
      <Watchers ticket={ticket} />
    </aside>
  );
});

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }): React.ReactNode {
  return (
    <section className={css["section"]}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

const Pair = ({ name, children }: { readonly name: string; readonly children: React.ReactNode }): React.ReactNode => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

function Clock({
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
  const clocks = useRead<{ items: readonly TicketClock[] }>(`/tickets/${reference}/clocks`);
  if (clocks.isError && clocks.data === undefined) return <Failure error={clocks.error} />;
  const clock = clocks.data?.items.findLast((each) => each.kind === kind && (each.line ?? null) === line);
  if (clock === undefined) return <Loading rows={3} />;
  const { intervals, ahead } = clock.explanation;
  return (
    <div className={css["why"]} tabIndex={0} role="region" aria-label={t("side.why")}>
      <p>
        {t("side.whyHead", {
          target: clock.target,
          calendar: clock.calendarId,
          calendarVersion: clock.calendarVersion,
          policyVersion: clock.policyVersion,
          used: durationText(clock.usedSeconds * 1000),
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

function Contract({ contractId }: { readonly contractId: string }): React.ReactNode {
  const { t } = useText();
  const names = useNames();
  const contract = names.contracts.find(({ id }) => id === contractId);
  if (contract === undefined) return null;
  const { validFrom, validTo, services, updateRights } = contract.state as {
    validFrom?: string;
    validTo?: string | null;
    services?: Readonly<Record<string, boolean>>;
    updateRights?: readonly { product?: string }[];
  };
  const bought = Object.entries(services ?? {}).flatMap(([name, has]) =>
    has ? [t(`service.${name}` as "service.monitoring")] : [],
  );
  return (
    <dl className={css["pairs"]}>
      <Pair name={t("side.contract")}>
        {contract.name}
        {contract.active ? "" : ` (${t("side.inactive")})`}
      </Pair>
      <Pair name={t("side.valid")}>{[validFrom, validTo ?? t("side.openEnd")].filter(Boolean).join(" – ")}</Pair>
      <Pair name={t("side.services")}>{bought.length === 0 ? "–" : bought.join(", ")}</Pair>
      <Pair name={t("side.updates")}>
        {updateRights === undefined || updateRights.length === 0
          ? t("side.noUpdates")
          : updateRights.map((right) => (typeof right === "string" ? right : (right.product ?? ""))).join(", ")}
      </Pair>
    </dl>
  );
}

interface RelatedReply {
  readonly links: readonly {
    readonly ticketId: string;
    readonly number: string;
    readonly subject: string;
    readonly status: TicketRow["status"];
    readonly kind: string;
    readonly direction: "out" | "in";
  }[];
  readonly sameRequester: readonly TicketRow[];
  readonly similar: readonly (TicketRow & { readonly score: number })[];
}

function Related({ ticket }: { readonly ticket: TicketView }): React.ReactNode {
  const { t } = useText();
  const related = useRead<RelatedReply>(`/tickets/${ticket.number}/related`, { timeless: true });
  if (related.data === undefined) return null;
  const { links, sameRequester, similar } = related.data;
  const line = (number: string, subject: string, status: TicketRow["status"], what?: string): React.ReactNode => (
    <li key={number}>
      <Link to="/tickets/$ticket" params={{ ticket: number } as never}>
        {number}
      </Link>{" "}
      {what === undefined ? null : <i>{what} </i>}
      <span>{subject}</span> <StatusMark status={status} />
    </li>
  );
  if (links.length + sameRequester.length + similar.length === 0) return null;
  return (
    <Section title={t("side.related")}>
      <ul className={css["related"]}>
        {links.map((link) => line(link.number, link.subject, link.status, t(`link.${link.kind}` as "link.related")))}
      </ul>
      {similar.length === 0 ? null : (
        <>
          <h4>{t("side.similar")}</h4>
          <ul className={css["related"]}>
            {similar.slice(0, 5).map(({ number, subject, status }) => line(number, subject, status))}
          </ul>
        </>
      )}
      {sameRequester.length === 0 ? null : (
        <>
          <h4>{t("side.sameRequester")}</h4>
          <ul className={css["related"]}>
            {sameRequester.slice(0, 5).map(({ number, subject, status }) => line(number, subject, status))}
          </ul>
        </>
      )}
    </Section>
  );
}

interface WatchersReply {
  readonly items: readonly {
    readonly role: string;
    readonly id: string;
    readonly name: string;
    readonly email: string | null;
    readonly mail: boolean;
  }[];
  readonly following: boolean;
}

function Watchers({ ticket }: { readonly ticket: TicketView }): React.ReactNode {
  const { t } = useText();
  const path = `/tickets/${ticket.number}/watchers`;
  const watchers = useRead<WatchersReply>(path, { timeless: true });
  if (watchers.data === undefined) return null;
  const { items, following } = watchers.data;
  const refresh = (): Promise<void> =>
    queryClient.invalidateQueries({ queryKey: ["tickets", ticket.number, "watchers"] });
  return (
    <Section title={t("side.watchers")}>
      <ul className={css["related"]}>
        {items.map(({ role, id, name, mail }) => (
          <li key={`${role}${id}`}>
            {name} <i>{t(`watcher.${role}` as "watcher.follower")}</i> {mail ? "" : `(${t("side.noMail")})`}
          </li>
        ))}
      </ul>
      <CommandButton
        variant="default"
        run={() =>
          (following ? remove(`/tickets/${ticket.number}/watch`) : post(`/tickets/${ticket.number}/watch`, {})).then(
            refresh,
          )
        }
      >
        {following ? t("side.unfollow") : t("side.follow")}
      </CommandButton>
    </Section>
  );
}

/** The panel is a layer of its own on narrow screens. */
export function SideToggle({ open, onToggle }: { readonly open: boolean; onToggle(): void }): React.ReactNode {
  const { t } = useText();
  return (
    <Button className={css["sideToggle"] ?? ""} size="xs" variant="default" aria-expanded={open} onClick={onToggle}>
      {t("side.title")}
    </Button>
  );
}
