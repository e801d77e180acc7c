import type { TicketRow, TicketView } from "@docket/api-contract";
import { Link } from "@tanstack/react-router";
import { post, remove } from "../../api/client.ts";
import { queryClient } from "../../api/query-client.ts";
import { useRead } from "../../moment/moment.ts";
import { useText } from "../../text/use-text.ts";
import { CommandButton } from "../../ui/command-button.tsx";
import { StatusMark } from "../marks.tsx";
import { Section } from "./side-shapes.tsx";
import css from "./ticket.module.css";

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

/** Tickets that are linked, about the same, or of the same person. */
export function Related({ ticket }: { readonly ticket: TicketView }): React.ReactNode {
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

/** Who is told of the ticket, oneself among them if one wants. */
export function Watchers({ ticket }: { readonly ticket: TicketView }): React.ReactNode {
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
