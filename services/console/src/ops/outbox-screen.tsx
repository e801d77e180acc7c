import { SegmentedControl } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { post } from "../api/client.ts";
import { usePages } from "../api/pages.ts";
import { queryClient } from "../api/query-client.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { Moment } from "../ui/moment.tsx";
import { More } from "../ui/more.tsx";
import { Shown } from "../ui/shown.tsx";
import { Timeless } from "../ui/timeless.tsx";
import css from "./ops.module.css";
import { Table } from "./table.tsx";

interface Mail {
  readonly mailId: string;
  readonly to: string;
  readonly subject: string;
  readonly status: string;
  readonly attempts: number;
  readonly createdAt: string;
  readonly sentAt: string | null;
  readonly error: string | null;
  readonly ticketId?: string | null;
}
const statuses = ["all", "waiting", "sent", "failed", "kept"] as const;

/** Every mail that was made, what became of it, and a second try for one that failed. */
export function OutboxScreen(): React.ReactNode {
  const { t } = useText();
  const navigate = useNavigate();
  const { status = "all" } = useSearch({ strict: false }) as { status?: string };
  const mails = usePages<{ items: readonly Mail[]; nextPage: string | null }>(
    "/mails",
    status === "all" ? {} : { status },
    { refetchInterval: 5_000 },
  );
  useEffect(() => {
    document.title = `${t("ops.outbox")} · Docket`;
  }, [t]);
  const became = (of: string): string => t(`ops.mailIs.${of}` as "ops.mailIs.sent");
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("ops.outbox")}</h1>
        <span className={css["choice"]}>
          <SegmentedControl
            size="xs"
            aria-label={t("ops.outcome")}
            value={status}
            onChange={(value) =>
              void navigate({ to: "/ops/outbox", search: (value === "all" ? {} : { status: value }) as never })
            }
            data={statuses.map((value) => ({ value, label: t(`ops.mail.${value}`) }))}
          />
        </span>
      </header>
      <Timeless />
      <Shown of={mails} rows={10}>
        {({ pages }) => (
          <Table
            title={t("ops.mails")}
            none={t("ops.noMails")}
            heads={[t("ops.when"), t("ops.to"), t("ops.subject"), t("ops.outcome"), t("ops.tries"), t("ops.doing")]}
            rows={pages
              .flatMap(({ items }) => items)
              .map((mail) => [
                <Moment key="at" at={mail.sentAt ?? mail.createdAt} />,
                mail.to,
                mail.ticketId == null ? (
                  mail.subject
                ) : (
                  <Link key="ticket" to="/tickets/$ticket" params={{ ticket: mail.ticketId } as never}>
                    {mail.subject}
                  </Link>
                ),
                <span key="outcome">
                  <span className={css["word"]}>{became(mail.status)}</span>
                  {mail.error === null ? null : `: ${mail.error}`}
                </span>,
                mail.attempts,
                mail.status === "failed" ? (
                  <CommandButton
                    key="again"
                    size="compact-xs"
                    variant="default"
                    run={() => post(`/ops/outbox/${mail.mailId}/retry`, {})}
                    onDone={() => void queryClient.invalidateQueries({ queryKey: ["pages", "/mails"] })}
                  >
                    {t("ops.again")}
                  </CommandButton>
                ) : (
                  "–"
                ),
              ])}
          />
        )}
      </Shown>
      <More of={mails} />
    </div>
  );
}
