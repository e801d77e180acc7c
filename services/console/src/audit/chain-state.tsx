import type { Replay } from "@docket/api-contract";
import { useText } from "../text/use-text.ts";
import { IconAlert, IconCheck } from "../ui/icons.ts";
import css from "./audit.module.css";

/** Whether a ticket's hash chain holds, and up to where it was checked. */
export function ChainState({ chain }: { readonly chain: Replay["chain"] }): React.ReactNode {
  const { t } = useText();
  const Icon = chain.verified ? IconCheck : IconAlert;
  return (
    <span className={css["chain"]} data-verified={chain.verified}>
      <Icon size={15} aria-hidden />{" "}
      {chain.verified
        ? t("audit.chainOk", { step: (chain.checkedTo ?? -1) + 1 })
        : t("audit.chainBroken", { step: (chain.brokenAt ?? 0) + 1 })}
    </span>
  );
}
