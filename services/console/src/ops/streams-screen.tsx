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

/** The event store: the tail of the whole log, or one stream from its first event. */
export function StreamsScreen(): React.ReactNode {
  const { t } = useText();
  const navigate = useNavigate();
  const { stream, from } = useSearch({ strict: false }) as { stream?: string; from?: string };
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 300);
  const streams = useRead<Streams>("/ops/streams", {
    query: { limit: 50, q: q === "" ? undefined : q },
    timeless: true,
  });
  const page = useRead<{ items: readonly Stored[]; nextPage?: string | null; nextRevision?: number | null }>(
    stream === undefined ? "/ops/all" : `/ops/streams/${encodeURIComponent(stream)}`,
    {
      query: stream === undefined ? { limit: 50, before: from } : { limit: 50, from: from ?? 0 },
      timeless: true,
      refetchInterval: stream === undefined && from === undefined ? 2_000 : false,
    },
  );
  useEffect(() => {
    document.title = `${t("ops.streams")} · Docket`;
  }, [t]);
  const open = (next: { stream?: string | undefined; from?: string | undefined }): void =>
    void navigate({ to: "/ops/streams", search: next as never });
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
            <Button size="xs" variant="default" onClick={() => open({ stream, from: String(more) })}>
              {stream === undefined ? t("ops.older") : t("ops.later")}
            </Button>
          )}
        </header>
        <Timeless />
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
