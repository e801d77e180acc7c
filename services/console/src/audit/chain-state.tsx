import type { ChainState as Chain } from "@docket/api-contract";
import { Popover } from "@mantine/core";
import { useRead } from "../moment/moment.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { IconAlert, IconAudit, IconCheck } from "../ui/icons.ts";
import { Moment } from "../ui/moment.tsx";
import { Stale } from "../ui/shown.tsx";
import css from "./audit.module.css";
import { Findings } from "./verification.tsx";

/** Up to where a ticket was verified and when, and which checkpoint signs it; the rest of it on demand. */
export function ChainState({ reference }: { readonly reference: string }): React.ReactNode {
  const { t } = useText();
  // What is verified and signed is told as it is now: a signature that came later covers the past as well.
  const chain = useRead<Chain>(`/tickets/${reference}/chain`, { timeless: true, staleTime: 10_000 });
  if (chain.data === undefined)
    return chain.isError ? (
      <span className={css["chain"]} data-state="unknown">
        <IconAlert size={15} aria-hidden /> {t("audit.chainUnknown")}
      </span>
    ) : null;
  const { verified, signed } = chain.data;
  const state = verified === null ? "unknown" : verified.found === 0 ? "good" : "bad";
  const Icon = { unknown: IconAudit, good: IconCheck, bad: IconAlert }[state];
  return (
    <span className={css["chain"]} data-state={state}>
      <Icon size={15} aria-hidden />
      <span>
        {verified === null ? (
          t("audit.notVerified")
        ) : (
          <>
            {verified.found === 0
              ? t("audit.chainOk", { position: numberText(Number(verified.position)) })
              : t("audit.chainBroken", { count: verified.found })}{" "}
            <Moment at={verified.at} />
          </>
        )}{" "}
        ·{" "}
        {signed === null ? t("audit.chainUnsigned") : t("audit.chainSigned", { number: numberText(signed.checkpoint) })}
      </span>
      <Popover position="bottom-start" withArrow shadow="sm" returnFocus width={380}>
        <Popover.Target>
          <button type="button" className={css["link"]}>
            {t("audit.chainMore")}
          </button>
        </Popover.Target>
        <Popover.Dropdown className={css["scrolls"] ?? ""}>
          <Stale of={chain} />
          <Details chain={chain.data} />
        </Popover.Dropdown>
      </Popover>
    </span>
  );
}

function Details({ chain }: { readonly chain: Chain }): React.ReactNode {
  const { t } = useText();
  const { events, head, signed, unsigned, verified } = chain;
  return (
    <dl className={css["pairs"]}>
      <dt>{t("audit.chain")}</dt>
      <dd>
        {t("audit.chainWhole", { events: numberText(events), position: numberText(Number(head.position)) })}{" "}
        <code title={head.hash}>{head.hash.slice(0, 16)}…</code>
      </dd>
      <dt>{t("audit.lastVerification")}</dt>
      <dd>
        {verified === null ? (
          t("audit.never")
        ) : (
          <>
            <Moment at={verified.at} />, {t(verified.scope === "all" ? "audit.wholeRecord" : "audit.thisTicket")}:{" "}
            {verified.found === 0 ? t("audit.nothingFound") : t("audit.foundFaults", { count: verified.found })};{" "}
            {t("audit.verifiedEvents", { done: numberText(verified.events), total: numberText(events) })}
            <Findings of={verified} />
          </>
        )}
      </dd>
      <dt>{t("audit.checkpoint")}</dt>
      <dd>
        {signed === null ? (
          t("audit.notSignedYet")
        ) : (
          <>
            {t("audit.checkpointOf", { number: numberText(signed.checkpoint) })} <Moment at={signed.at} />;{" "}
            {t("audit.coveredEvents", {
              signed: numberText(signed.events),
              total: numberText(events),
              after: numberText(unsigned),
            })}
          </>
        )}
      </dd>
    </dl>
  );
}
