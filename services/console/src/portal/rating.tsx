import type { TicketView } from "@docket/api-contract";
import { SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { post } from "../api/client.ts";
import { useMoment } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import css from "./portal.module.css";

/** The requester's opinion, once the work is done; it lives outside of the ticket, which a closed one does not forbid. */
export function RatingPart({ ticket }: { readonly ticket: TicketView }): React.ReactNode {
  const { t } = useText();
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState("");
  const { live } = useMoment();
  const [given, setGiven] = useState(false);
  if (!live) return null;
  if (ticket.status !== "result_confirmation" && ticket.status !== "closed") return null;
  if (ticket.closedBecause === "duplicate" || ticket.closedBecause === "withdrawn") return null;
  if (given)
    return (
      <p className={css["rate"]} role="status">
        {t("portal.rate.thanks")}
      </p>
    );
  return (
    <section className={css["rate"]} aria-label={t("portal.rate.title")}>
      <span>{t("portal.rate.title")}</span>
      <SegmentedControl
        size="xs"
        aria-label={t("portal.rate.stars")}
        value={score === 0 ? "" : String(score)}
        onChange={(value) => setScore(Number(value))}
        data={["1", "2", "3", "4", "5"]}
      />
      {score === 0 ? null : (
        <>
          <TextInput
            size="xs"
            className={css["rateComment"] ?? ""}
            aria-label={t("portal.rate.comment")}
            placeholder={t("portal.rate.comment")}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          <CommandButton
            run={() =>
              post(`/tickets/${ticket.ticketId}/rating`, {
                score,
                ...(comment.trim() === "" ? {} : { comment: comment.trim() }),
              })
            }
            onDone={() => setGiven(true)}
          >
            {t("portal.rate.send")}
          </CommandButton>
        </>
      )}
    </section>
  );
}
