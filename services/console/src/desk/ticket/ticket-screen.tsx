import type { TimelineEntry } from "@docket/api-contract";
import { useParams } from "@tanstack/react-router";
import { Suspense, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { allPages } from "../../api/all-pages.ts";
import { useNames } from "../../api/directory.ts";
import { isCustomer, useSession, worksOnTickets } from "../../api/session.ts";
import { queryClient } from "../../api/query-client.ts";
import { deafKey, useActions } from "../../keys/registry.ts";
import { typeInto } from "../../keys/type-ahead.ts";
import { useMoment, useRead } from "../../moment/moment.ts";
import { useText } from "../../text/use-text.ts";
import { usePast } from "../../ui/only-now.tsx";
import { Failure, Loading } from "../../ui/states.tsx";
import { useSteps } from "../../ui/steps.ts";
import { PriorityMark, StatusMark } from "../marks.tsx";
import { useBeingThere, usePresence } from "../presence.ts";
import { ActionBar } from "./action-bar.tsx";
import { Composer, type ComposerHandle } from "./composer.tsx";
import { SidePanel, SideToggle } from "./side-panel.tsx";
import { useStaying } from "./staying.ts";
import css from "./ticket.module.css";
import { storyKeptFor, useTicket } from "./ticket-data.ts";
import { ticketExtras } from "./ticket-extras.tsx";
import type { SentMail } from "./story.ts";
import { Timeline } from "./timeline.tsx";

/** One ticket: its story, what can be done, and what stands beside it. */
export function TicketScreen(): React.ReactNode {
  const { ticket: reference = "" } = useParams({ strict: false }) as { ticket?: string };
  const isStaying = useStaying(reference);
  return <TicketPage key={reference} reference={reference} isStaying={isStaying} />;
}

interface MailPage {
  readonly items: readonly SentMail[];
  readonly nextPage: string | null;
}

interface TicketPageProps {
  readonly reference: string;
  /** false: somebody walks past it */
  readonly isStaying: boolean;
}

function TicketPage({ reference, isStaying }: TicketPageProps): React.ReactNode {
  const { t, term } = useText();
  const { account } = useSession();
  const { live } = useMoment();
  const names = useNames();
  const { ticket, timeline, ribbons, actions } = useTicket(reference, isStaying);
  const mails = useRead<MailPage>(`/tickets/${reference}/mails`, {
    timeless: true,
    gather: (ask) => allPages(ask, ({ nextPage }) => (nextPage === null ? null : { page: nextPage })),
    enabled: isStaying && live && ticket.data !== undefined,
    keptFor: storyKeptFor,
  });
  const [writing, setWriting] = useState(false);
  const [sideOpen, setSideOpen] = useState(false);
  const composer = useRef<ComposerHandle>(null);
  const presence = usePresence();
  // What is asked for at the same time comes at nearly the same time, and is drawn once.
  const isReady = isStaying && ticket.data !== undefined && !timeline.isLoading && !actions.isLoading;
  // The story first, then what can be done, then what stands beside it: all at once would keep the next key waiting.
  const drawn = useSteps(isReady, 3);
  useBeingThere(isStaying ? ticket.data?.ticketId : undefined, writing);
  const refresh = useCallback(
    () => void queryClient.invalidateQueries({ queryKey: ["tickets", reference] }),
    [reference],
  );
  const story = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // Where one writes takes its place from the story, whose newest part is what one came for.
    if (drawn === 2) story.current?.scrollTo({ top: story.current.scrollHeight });
  }, [drawn]);
  // What comes is seen where one is at the end already, and what one wrote oneself always; else the reader's place is his own.
  const atEnd = useRef(true);
  const toEnd = useCallback(() => void (atEnd.current = true), []);
  const told = (timeline.data?.items.length ?? 0) + (mails.data?.items.length ?? 0);
  useLayoutEffect(() => {
    if (atEnd.current) story.current?.scrollTo({ top: story.current.scrollHeight });
  }, [told]);
  const shown = ticket.data;
  const past = usePast();
  const said = actions.data?.items.find(({ command }) => command === "comment");
  const off =
    past ?? (shown?.status === "closed" ? (said?.reason?.title ?? term("ticketStatus", "closed")) : undefined);
  const write = (mode: "reply" | "note") => ({
    id: `ticket.${mode}`,
    title: `keys.${mode}` as const,
    group: "keys.ticket" as const,
    keys: [mode === "reply" ? "r" : "c"],
    off,
    // the place where one writes comes with what may be done, which is asked for after the ticket
    run: () => typeInto(() => composer.current?.focus(mode)),
  });
  const works = worksOnTickets(account);
  const role = t("action.off.role");
  useActions([
    ...(works || isCustomer(account) ? [write("reply")] : [deafKey("r", role)]),
    ...(works ? [write("note")] : [deafKey("c", role)]),
    // what is done by these keys stands on the ticket only now, and only for who works on it
    ...(works && past === undefined ? [] : ["a", "t"].map((key) => deafKey(key, (works ? past : undefined) ?? role))),
  ]);
  useEffect(() => {
    if (shown !== undefined) document.title = `${shown.number} ${shown.subject} · Docket`;
  }, [shown]);
  if (ticket.isError && shown === undefined)
    return <Failure error={ticket.error} retry={() => void ticket.refetch()} />;
  if (shown === undefined || drawn === 0) return <Loading rows={10} />;
  const people = presence.get(shown.ticketId) ?? [];
  const facts = timeline.data?.items ?? noFacts;
  return (
    <article className={css["ticket"]} data-ticket={shown.number} data-side={sideOpen} aria-labelledby="ticket-title">
      <header className={css["head"]}>
        <div className={css["titles"]}>
          <h1 id="ticket-title">
            <span className={css["number"]}>{shown.number}</span> {shown.subject}
          </h1>
          <p className={css["meta"]}>
            <StatusMark status={shown.status} />
            <span>{term("ticketType", shown.type)}</span>
            <PriorityMark priority={shown.priority} word />
            <span>{names.organization(shown.organizationId)}</span>
            {shown.underControl === true && shown.status !== "closed" ? (
              <b className={css["control"]}>{t("queue.under-control")}</b>
            ) : null}
            {shown.closedBecause === null ? null : <span>{term("closedBecause", shown.closedBecause)}</span>}
            {people.map(({ accountId, name, doing }) => (
              <span key={accountId} className={css["present"]}>
                {t(doing === "writing" ? "presence.isWriting" : "presence.isLooking", { name })}
              </span>
            ))}
          </p>
        </div>
        <SideToggle open={sideOpen} onToggle={() => setSideOpen(!sideOpen)} />
        {drawn < 2 || actions.data === undefined || !live ? null : (
          <ActionBar actions={actions.data} engineerId={shown.engineerId} onDone={refresh} />
        )}
        {ticketExtras.map(({ id, show, Part }) =>
          show(account) ? (
            <Suspense key={id} fallback={null}>
              <Part ticket={shown} />
            </Suspense>
          ) : null,
        )}
      </header>
      <div
        className={css["story"]}
        ref={story}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          (atEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd)
        }
      >
        {timeline.isError && timeline.data === undefined ? (
          <Failure error={timeline.error} retry={() => void timeline.refetch()} />
        ) : (
          <Timeline
            items={facts}
            mails={mails.data?.items}
            number={shown.number}
            subject={shown.subject}
            filesAt={`/tickets/${shown.ticketId}`}
          />
        )}
      </div>
      {drawn < 2 || actions.data === undefined || !live || shown.status === "closed" ? null : (
        <Composer
          ref={composer}
          ticket={shown}
          actions={actions.data}
          timeline={facts}
          onWriting={setWriting}
          onSent={toEnd}
        />
      )}
      {drawn < 3 ? null : <SidePanel ticket={shown} ribbons={ribbons.data} timeline={facts} />}
      {isCustomer(account) ? null : <span hidden data-revision={shown.revision} />}
    </article>
  );
}

/** Pixels that one may be above the end and still be at it. */
const nearEnd = 80;
const noFacts: readonly TimelineEntry[] = [];
