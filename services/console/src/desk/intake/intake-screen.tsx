import type { ContactRow } from "@docket/api-contract";
import { Link, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useSession, worksOnTickets } from "../../api/session.ts";
import { useActions } from "../../keys/registry.ts";
import { numberText } from "../../text/format.ts";
import { useText } from "../../text/use-text.ts";
import { IconMail, IconPhone, IconChat, IconRobot, IconDevice, IconUser } from "../../ui/icons.ts";
import { Moment } from "../../ui/moment.tsx";
import { BeginButton, usePast } from "../../ui/only-now.tsx";
import { Empty, Failure, Loading } from "../../ui/states.tsx";
import { useQueueWindow } from "../queue/window.ts";
import css from "./intake.module.css";

const icons = {
  email: IconMail,
  phone: IconPhone,
  chat: IconChat,
  monitoring: IconRobot,
  portal: IconDevice,
  manager: IconUser,
} as const;

/** What arrived and could not be registered by itself: the list, and beside it the one that is looked at. */
export function IntakeScreen(): React.ReactNode {
  const { t, term } = useText();
  const navigate = useNavigate();
  const past = usePast();
  const calls = worksOnTickets(useSession().account);
  const { contact: opened } = useParams({ strict: false }) as { contact?: string };
  const { data, error, retry } = useQueueWindow({ queue: "intake", filters: {}, q: "", sort: undefined });
  const rows =
    data === null
      ? []
      : [...data.order]
          .sort(([a], [b]) => a - b)
          .flatMap(([, id]) => {
            const row = data.rows.get(id);
            return row !== undefined && "contactId" in row && !("number" in row) ? [row as ContactRow] : [];
          });
  const go = (contact: string | undefined): void => {
    if (contact !== undefined)
      void navigate({
        to: "/intake/$contact",
        params: { contact } as never,
        search: ((before: object) => before) as never,
      });
  };
  const move = (by: number): void => {
    const at = rows.findIndex(({ contactId }) => contactId === opened);
    go(rows[at === -1 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))]?.contactId);
  };
  useActions([
    {
      id: "list.next",
      title: "keys.next",
      group: "keys.list",
      keys: ["j", "ArrowDown"],
      keysOnly: true,
      run: () => move(1),
    },
    {
      id: "list.previous",
      title: "keys.previous",
      group: "keys.list",
      keys: ["k", "ArrowUp"],
      keysOnly: true,
      run: () => move(-1),
    },
    ...(calls
      ? [
          {
            id: "intake.phone",
            title: "intake.phoneForm" as const,
            group: "keys.list" as const,
            keys: ["p"],
            off: past,
            run: () => void navigate({ to: "/intake/phone" }),
          },
        ]
      : []),
    {
      id: "list.back",
      title: "keys.back",
      group: "keys.list",
      keys: ["Escape"],
      keysOnly: true,
      run: () => void navigate({ to: "/intake" }),
    },
  ]);
  useEffect(() => {
    document.title = `${t("queue.intake")} · Docket`;
  }, [t]);
  return (
    <div className={css["screen"]} data-open={opened !== undefined}>
      <section className={css["list"]} aria-label={t("queue.intake")}>
        <header className={css["listHead"]}>
          <h1>
            {t("queue.intake")} {data === null ? null : <span data-total={data.total}>{numberText(data.total)}</span>}
          </h1>
          {calls ? (
            <BeginButton
              variant="default"
              leftSection={<IconPhone size={14} />}
              onClick={() => void navigate({ to: "/intake/phone" })}
            >
              {t("intake.phoneForm")}
            </BeginButton>
          ) : null}
        </header>
        {error !== undefined && data === null ? (
          <Failure error={error} retry={retry} />
        ) : data === null ? (
          <Loading />
        ) : rows.length === 0 ? (
          <Empty title={t("intake.empty")} hint={t("intake.emptyHint")} />
        ) : null}
        <ul>
          {rows.map((row) => {
            const Icon = icons[row.channel as keyof typeof icons] ?? IconMail;
            return (
              <li key={row.contactId}>
                <Link
                  to="/intake/$contact"
                  params={{ contact: row.contactId } as never}
                  className={css["item"] ?? ""}
                  aria-current={row.contactId === opened ? "true" : undefined}
                >
                  <Icon size={16} aria-label={term("channel", row.channel)} />
                  <span className={css["subject"]}>{row.subject === "" ? t("intake.noSubject") : row.subject}</span>
                  <Moment at={row.receivedAt} form="relative" />
                  <span className={css["from"]}>{row.fromName ?? row.fromEmail ?? row.claimedOrganization ?? "–"}</span>
                  <span className={css["doubts"]}>
                    {inOneSentence((row.doubts ?? []).map((doubt) => term("doubt", doubt)))}
                  </span>
                </Link>
              </li>
            );
          })}
        </ul>
      </section>
      {opened === undefined ? null : (
        <div className={css["detail"]}>
          <Outlet />
        </div>
      )}
    </div>
  );
}

/** Several sentences as one, with one capital letter. */
const inOneSentence = (said: readonly string[]): string =>
  said.map((each, at) => (at === 0 ? each : each.charAt(0).toLowerCase() + each.slice(1))).join("; ");
