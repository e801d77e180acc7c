import type { TicketView, TimelineEntry } from "@docket/api-contract";
import { Button } from "@mantine/core";
import { memo } from "react";
import { useNames } from "../../api/directory.ts";
import { isCustomer, useSession } from "../../api/session.ts";
import { dateText } from "../../text/format.ts";
import { useText } from "../../text/use-text.ts";
import { Because } from "../../ui/because.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Loading } from "../../ui/states.tsx";
import { filesOf } from "./facts.tsx";
import { Files } from "./files.tsx";
import { Related, Watchers } from "./side-around.tsx";
import { Clock } from "./side-clock.tsx";
import { Pair, Section } from "./side-shapes.tsx";
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
      <Pair name={t("side.valid")}>
        {validFrom === undefined ? "" : `${dateText(validFrom)} – `}
        {validTo == null ? t("side.openEnd") : dateText(validTo)}
      </Pair>
      <Pair name={t("side.services")}>{bought.length === 0 ? "–" : bought.join(", ")}</Pair>
      <Pair name={t("side.updates")}>
        {updateRights === undefined || updateRights.length === 0
          ? t("side.noUpdates")
          : updateRights.map((right) => (typeof right === "string" ? right : (right.product ?? ""))).join(", ")}
      </Pair>
    </dl>
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
