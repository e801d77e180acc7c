import type { Replay, TicketView } from "@docket/api-contract";
import { Link } from "@tanstack/react-router";
import { useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { IconHistory } from "../ui/icons.ts";
import css from "./audit.module.css";
import { ChainState } from "./chain-state.tsx";

/** On a ticket's page, for auditors: whether its chain holds, and the way to its replay. */
export function TicketPart({ ticket }: { readonly ticket: TicketView }): React.ReactNode {
  const { t } = useText();
  // A page of one step at the end: the verdict is on the whole chain up to it.
  const replay = useRead<Replay>(`/tickets/${ticket.ticketId}/replay`, {
    query: { from: ticket.revision, limit: 1, state: "false" },
  });
  return (
    <p className={css["part"]}>
      <Link to="/audit/replay/$ticket" params={{ ticket: ticket.number } as never}>
        <IconHistory size={15} aria-hidden /> {t("audit.replay")}
      </Link>
      {replay.data === undefined ? null : <ChainState chain={replay.data.chain} />}
    </p>
  );
}
