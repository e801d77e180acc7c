import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { Moment } from "../ui/moment.tsx";
import { Shown } from "../ui/shown.tsx";
import { Empty } from "../ui/states.tsx";
import { Timeless } from "../ui/timeless.tsx";
import css from "./ops.module.css";

interface Stored {
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly title: string;
  readonly writtenAt: string;
  readonly fault: string | null;
}
interface Streams {
  readonly items: readonly { readonly stream: string; readonly begunAt: string }[];
}

interface Place {
  readonly stream?: string | undefined;
  readonly from?: string | undefined;
  /** of the tail: only types and streams that begin so */
  readonly type?: string | undefined;
  readonly of?: string | undefined;
}

/** `SC-000123` */
const ticketNumber = /^[a-z]{2,5}-\d+$/iu;

/** The event store: the tail of the whole log, filtered by the store, or one stream from its first event. */
export function StreamsScreen(): React.ReactNode {
  const { t } = useText();
  const navigate = useNavigate();
  const { stream, from, type, of } = useSearch({ strict: false }) as Place;
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 300);
  const streams = useRead<Streams>("/ops/streams", {
    query: { limit: 50, q: q === "" ? undefined : q },
    timeless: true,
  });
  const found = useRead<{ ticketId: string; number: string }>(`/tickets/${q.toUpperCase()}`, {
    timeless: true,
    enabled: ticketNumber.test(q),
  });
  const byNumber = ticketNumber.test(q) ? found.data : undefined;
  const page = useRead<{ items: readonly Stored[]; nextPage?: string | null; nextRevision?: number | null }>(
    stream === undefined ? "/ops/all" : `/ops/streams/${encodeURIComponent(stream)}`,
    {
      query: stream === undefined ? { limit: 50, before: from, type, stream: of } : { limit: 50, from: from ?? 0 },
      timeless: true,
      refetchInterval: stream === undefined && from === undefined ? 2_000 : false,
    },
  );
  useEffect(() => {
    document.title = `${t("ops.streams")} · Docket`;
  }, [t]);
  const open = (next: Place): void => void navigate({ to: "/ops/streams", search: next as never });
  const more = page.data?.nextPage ?? page.data?.nextRevision ?? null;
  return (
    <div className={css["browser"]}>
      <aside aria-label={t("ops.streams")}>
        <TextInput
          size="xs"
          aria-label={t("ops.find")}
          placeholder={t("ops.find")}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="button" className={css["pick"]} aria-pressed={stream === undefined} onClick={() => open({})}>
          {t("ops.tail")}
        </button>
        {byNumber === undefined ? null : (
          <button
            type="button"
            className={css["pick"]}
            aria-pressed={stream === `ticket-${byNumber.ticketId}`}
            onClick={() => open({ stream: `ticket-${byNumber.ticketId}` })}
          >
            <b>{byNumber.number}</b> ticket-{byNumber.ticketId}
          </button>
        )}
        <Shown of={streams} rows={8}>
          {({ items }) =>
            items.map((each) => (
              <button
                key={each.stream}
                type="button"
                className={css["pick"]}
                aria-pressed={stream === each.stream}
                onClick={() => open({ stream: each.stream })}
              >
                {each.stream}
              </button>
            ))
          }
        </Shown>
      </aside>
      <div className={css["page"]}>
        <header className={css["head"]}>
          <h1>{stream ?? t("ops.tail")}</h1>
          {more === null ? null : (
            <Button size="xs" variant="default" onClick={() => open({ stream, type, of, from: String(more) })}>
              {stream === undefined ? t("ops.older") : t("ops.later")}
            </Button>
          )}
        </header>
        <Timeless />
        {stream === undefined ? <TailFilter key={`${type} ${of}`} type={type} of={of} onChange={open} /> : null}
        <Shown of={page} rows={10}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t("ops.none")} />
            ) : (
              <ol className={css["events"]}>
                {items.map((event) => (
                  <li key={event.eventId}>
                    <details>
                      <summary>
                        <span className={css["mono"]}>{event.position}</span> <b>{event.title}</b>{" "}
                        <span className={css["mono"]}>
                          {event.stream}@{event.revision}
                        </span>{" "}
                        <Moment at={event.writtenAt} />{" "}
                        {event.fault === null ? "" : t("ops.fault", { fault: event.fault })}
                      </summary>
                      <pre tabIndex={0}>{JSON.stringify(event, null, 2)}</pre>
                    </details>
                  </li>
                ))}
              </ol>
            )
          }
        </Shown>
      </div>
    </div>
  );
}

interface TailFilterProps {
  readonly type: string | undefined;
  readonly of: string | undefined;
  readonly onChange: (place: Place) => void;
}

/** What the tail shows: events by the beginning of their type, and of their stream. */
function TailFilter({ type = "", of = "", onChange }: TailFilterProps): React.ReactNode {
  const { t } = useText();
  const [typed, setTyped] = useState({ type, of });
  const said = (text: string): string | undefined => (text.trim() === "" ? undefined : text.trim());
  return (
    <form
      className={css["controls"]}
      role="search"
      aria-label={t("ops.filter")}
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ type: said(typed.type), of: said(typed.of) });
      }}
    >
      <TextInput
        size="xs"
        label={t("ops.typeBegins")}
        placeholder="TicketAssigned"
        value={typed.type}
        onChange={(event) => setTyped({ ...typed, type: event.currentTarget.value })}
      />
      <TextInput
        size="xs"
        label={t("ops.streamBegins")}
        placeholder="ticket-"
        value={typed.of}
        onChange={(event) => setTyped({ ...typed, of: event.currentTarget.value })}
      />
      <Button size="xs" type="submit" variant="default">
        {t("ops.show")}
      </Button>
    </form>
  );
}
