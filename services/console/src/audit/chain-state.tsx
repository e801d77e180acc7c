import type { TicketChain } from "@docket/api-contract";
import { Popover } from "@mantine/core";
import { useRead } from "../moment/moment.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { IconAlert, IconCheck } from "../ui/icons.ts";
import { Moment } from "../ui/moment.tsx";
import { Stale } from "../ui/shown.tsx";
import css from "./audit.module.css";

/** Whether a ticket's chain holds, up to where, and which checkpoint signs it; the rest of it on demand. */
export function ChainState({ reference }: { readonly reference: string }): React.ReactNode {
  const { t } = useText();
  const chain = useRead<TicketChain>(`/tickets/${reference}/chain`, { staleTime: 60_000 });
  if (chain.data === undefined)
    return chain.isError ? (
      <span className={css["chain"]} data-verified="false">
        <IconAlert size={15} aria-hidden /> {t("audit.chainUnknown")}
      </span>
    ) : null;
  const { verified, position, at, brokenAt, checkpoint } = chain.data;
  const good = verified && checkpoint?.holds !== false;
  const Icon = good ? IconCheck : IconAlert;
  return (
    <span className={css["chain"]} data-verified={good} data-position={position}>
      <Icon size={15} aria-hidden />
      <span>
        {verified
          ? t("audit.chainOk", { position: numberText(Number(position)) })
          : t("audit.chainBroken", { step: (brokenAt ?? 0) + 1 })}{" "}
        <Moment at={at} /> ·{" "}
        {checkpoint === null ? t("audit.chainUnsigned") : t("audit.chainSigned", { number: checkpoint.number })}
      </span>
      <Popover position="bottom-start" withArrow shadow="sm" returnFocus width={360}>
        <Popover.Target>
          <button type="button" className={css["link"]}>
            {t("audit.chainMore")}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stale of={chain} />
          <Details chain={chain.data} />
        </Popover.Dropdown>
      </Popover>
    </span>
  );
}

function Details({ chain }: { readonly chain: TicketChain }): React.ReactNode {
  const { t } = useText();
  const { events, position, verified, brokenAt, checkpoint, afterCheckpoint, verification } = chain;
  return (
    <dl className={css["pairs"]}>
      <dt>{t("audit.chain")}</dt>
      <dd>
        {verified
          ? t("audit.chainWhole", { events: numberText(events), position: numberText(Number(position)) })
          : t("audit.chainBroken", { step: (brokenAt ?? 0) + 1 })}
      </dd>
      <dt>{t("audit.checkpoint")}</dt>
      <dd>
        {checkpoint === null ? (
          t("audit.notSignedYet")
        ) : (
          <>
            {t("audit.checkpointOf", { number: checkpoint.number })} <Moment at={checkpoint.at} />:{" "}
            {checkpoint.holds ? t("audit.signatureHolds") : t("audit.signatureFails")}
          </>
        )}
      </dd>
      {checkpoint === null ? null : (
        <>
          <dt>{t("audit.signedBy")}</dt>
          <dd className={css["mono"]}>{checkpoint.signedBy.join(", ")}</dd>
          <dt>{t("audit.covered")}</dt>
          <dd>
            {t("audit.coveredEvents", {
              signed: numberText(checkpoint.events),
              total: numberText(events),
              after: numberText(afterCheckpoint),
            })}
          </dd>
        </>
      )}
      <dt>{t("audit.lastVerification")}</dt>
      <dd>
        {verification === null ? (
          t("audit.never")
        ) : (
          <>
            <Moment at={verification.at} />, {t(verification.whole ? "audit.wholeRecord" : "audit.thisTicket")}:{" "}
            {verification.found === 0 ? t("audit.nothingFound") : t("audit.foundFaults", { count: verification.found })}
          </>
        )}
      </dd>
    </dl>
  );
}
