import type { TicketRow } from "@docket/api-contract";
import { useDebouncedValue } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useRead } from "../../moment/moment.ts";
import { useText } from "../../text/use-text.ts";
import { Moment } from "../../ui/moment.tsx";
import { StatusMark } from "../marks.tsx";
import css from "./intake.module.css";

interface SimilarTicket extends Pick<TicketRow, "ticketId" | "number" | "subject" | "status" | "registeredAt"> {
  readonly score: number;
}

interface SimilarProps {
  readonly text: string;
  readonly organizationId: string | null;
  /** takes the ticket's number, to join to it */
  onChoose?(number: string): void;
}

/** Tickets about the same: perhaps it is known already. */
export function Similar({ text, organizationId, onChoose }: SimilarProps): React.ReactNode {
  const { t } = useText();
  const [words] = useDebouncedValue(text.trim(), 500);
  const found = useRead<{ items: readonly SimilarTicket[] }>("/similar-tickets", {
    query: { q: words, organizationId, open: "true", limit: 5 },
    enabled: words.length >= 4,
    timeless: true,
  });
  const items = found.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className={css["similar"]} aria-label={t("intake.similar")}>
      <h3>{t("intake.similar")}</h3>
      <ul>
        {items.map(({ ticketId, number, subject, status, registeredAt }) => (
          <li key={ticketId}>
            <Link to="/tickets/$ticket" params={{ ticket: number } as never}>
              {number}
            </Link>{" "}
            {subject} <StatusMark status={status} /> <Moment at={registeredAt} />{" "}
            {onChoose === undefined ? null : (
              <button type="button" className={css["link"]} onClick={() => onChoose(number)}>
                {t("intake.takeNumber")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
