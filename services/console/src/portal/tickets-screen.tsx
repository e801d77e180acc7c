import type { TicketRow } from "@docket/api-contract";
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { queryClient } from "../api/query-client.ts";
import { useSession } from "../api/session.ts";
import { StatusMark } from "../desk/marks.tsx";
import { useWatch } from "../live/context.ts";
import { useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import type { OpenHours, RibbonClock } from "../ui/clock.ts";
import { ClockWords } from "../ui/clock-words.tsx";
import { IconSearch } from "../ui/icons.ts";
import { Moment } from "../ui/moment.tsx";
import { BeginButton } from "../ui/only-now.tsx";
import { Stale } from "../ui/shown.tsx";
import { Empty, Failure, Loading } from "../ui/states.tsx";
import css from "./portal.module.css";

interface Page {
  readonly items: readonly TicketRow[];
  readonly nextPage: string | null;
}

interface Ribbons {
  readonly at: string;
  readonly items: readonly (RibbonClock & { readonly ticketId: string })[];
  readonly calendars: Readonly<Record<string, OpenHours>>;
}

/** What the customer is asked for in a state; in the others it is the service centre's turn. */
const asked = ["result_confirmation", "waiting_customer", "waiting_approval"] as const;
const asksFor = (status: TicketRow["status"]): (typeof asked)[number] | undefined =>
  asked.find((each) => each === status);

const firstClosed = 20;

/** A customer's tickets: first those that wait for him, then those that are worked on, then the closed ones. */
export function TicketsScreen(): React.ReactNode {
  const { t } = useText();
  const { account } = useSession();
  const navigate = useNavigate();
  const { whose } = useSearch({ strict: false }) as { whose?: string };
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 250);
  const [closedShown, setClosedShown] = useState(firstClosed);
  const mine = whose !== "all" && account.personId !== null;
  const filter = {
    ...(mine ? { requesterPersonId: account.personId } : {}),
    ...(q === "" ? {} : { q }),
  };
  const open = useRead<Page>("/queues/all-open", { query: { ...filter, sort: "-registeredAt", limit: 500 } });
  const closed = useRead<Page>("/queues/closed", { query: { ...filter, sort: "-closedAt", limit: closedShown } });
  const ids = (open.data?.items ?? []).slice(0, 200).map(({ ticketId }) => ticketId);
  const ribbons = useRead<Ribbons>("/sla/ribbons", { query: { tickets: ids }, enabled: ids.length > 0 });
  const refresh = (): void => {
    void queryClient.invalidateQueries({ queryKey: ["queues"] });
    void queryClient.invalidateQueries({ queryKey: ["sla", "ribbons"] });
  };
  useWatch({ view: "queue", filter: { queue: "all-open" } }, { delta: refresh });
  useEffect(() => {
    document.title = `${t("portal.tickets")} · Docket`;
  }, [t]);

  const failed = [open, closed].find(({ isError, data }) => isError && data === undefined)?.error ?? undefined;
  const again = (): void => void Promise.all([open.refetch(), closed.refetch()]);
  const rows = open.data?.items;
  const turn = rows?.filter(({ status }) => asksFor(status) !== undefined) ?? [];
  const work = rows?.filter(({ status }) => asksFor(status) === undefined) ?? [];
  const nothing =
    rows !== undefined && closed.data !== undefined && rows.length === 0 && closed.data.items.length === 0;
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("portal.tickets")}</h1>
        <TextInput
          className={css["search"] ?? ""}
          aria-label={t("portal.search")}
          placeholder={t("portal.search")}
          leftSection={<IconSearch size={15} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {account.personId === null ? null : (
          <SegmentedControl
            size="xs"
            aria-label={t("portal.scope")}
            value={mine ? "mine" : "all"}
            onChange={(value) =>
              void navigate({
                to: ".",
                search: ((before: object) => ({ ...before, whose: value === "all" ? "all" : undefined })) as never,
              })
            }
            data={[
              { value: "mine", label: t("portal.mine") },
              { value: "all", label: t("portal.all") },
            ]}
          />
        )}
        <BeginButton data-tour="new" onClick={() => void navigate({ to: "/portal/new" })}>
          {t("portal.new")}
        </BeginButton>
      </header>
      {failed === undefined ? <Stale of={open.isError ? open : closed} /> : <Failure error={failed} retry={again} />}
      {failed === undefined && (open.data === undefined || closed.data === undefined) ? <Loading rows={8} /> : null}
      {nothing ? (
        q === "" && !mine ? (
          <Empty title={t("portal.none")} hint={t("portal.noneHint")} />
        ) : (
          <Empty
            title={q === "" ? t("portal.none") : t("portal.noMatch")}
            hint={q === "" ? t("portal.noneHint") : t("portal.noMatchHint")}
          />
        )
      ) : null}
      <Section id="turn" title={t("portal.turn")} hint={t("portal.turnHint")} rows={turn} ribbons={ribbons.data} />
      <Section id="work" title={t("portal.work")} rows={work} ribbons={ribbons.data} />
      <Section id="closed" title={t("portal.closed")} rows={closed.data?.items ?? []} ribbons={undefined} />
      {closed.data?.nextPage == null ? null : (
        <Button size="xs" variant="default" onClick={() => setClosedShown(Math.min(500, closedShown * 2))}>
          {t("state.more")}
        </Button>
      )}
    </div>
  );
}

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly hint?: string;
  readonly rows: readonly TicketRow[];
  readonly ribbons: Ribbons | undefined;
}

function Section({ id, title, hint, rows, ribbons }: SectionProps): React.ReactNode {
  if (rows.length === 0) return null;
  return (
    <section className={css["section"]} aria-labelledby={`portal-${id}`} data-section={id}>
      <h2 id={`portal-${id}`}>
        {title} <span>{rows.length}</span>
      </h2>
      {hint === undefined ? null : <p className={css["hint"]}>{hint}</p>}
      <ul>
        {rows.map((row) => (
          <li key={row.ticketId}>
            <Line row={row} ribbons={ribbons} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ row, ribbons }: { readonly row: TicketRow; readonly ribbons: Ribbons | undefined }): React.ReactNode {
  const { t, term } = useText();
  const wanted = asksFor(row.status);
  // the clock that matters to him: until somebody has taken it up the reaction, then the solution
  const clocks = ribbons?.items.filter(({ ticketId }) => ticketId === row.ticketId) ?? [];
  const clock =
    clocks.find(({ kind, state, stoppedAt }) => kind === "reaction" && stoppedAt === null && state !== "cancelled") ??
    clocks.findLast(({ kind, state }) => kind === "resolution" && state !== "cancelled");
  return (
    <Link className={css["line"] ?? ""} to="/tickets/$ticket" params={{ ticket: row.number } as never}>
      <span className={css["number"]}>{row.number}</span>
      <span className={css["subject"]}>{row.subject}</span>
      <span className={css["state"]}>
        {wanted === undefined ? <StatusMark status={row.status} /> : <b>{t(`portal.ask.${wanted}`)}</b>}
      </span>
      <span className={css["clock"]}>
        {clock === undefined || clock.deadline === null || row.status === "closed" ? null : (
          <>
            <span>{t(clock.kind === "reaction" ? "portal.reaction" : "portal.resolution")}</span>{" "}
            <ClockWords
              clock={clock}
              hours={clock.calendarId === undefined ? undefined : ribbons?.calendars[clock.calendarId]}
              readAt={Date.parse(ribbons?.at ?? row.recordedAt)}
            />
          </>
        )}
        {row.closedBecause === null ? null : term("closedBecause", row.closedBecause)}
      </span>
      <span className={css["when"]}>
        {row.requesterName} · <Moment at={row.closedAt ?? row.registeredAt} />
      </span>
    </Link>
  );
}
