import { ActionIcon, Button, Indicator, Popover } from "@mantine/core";
import { notifications as toasts } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { post } from "../../api/client.ts";
import { useSession, worksOnTickets } from "../../api/session.ts";
import { useWatch } from "../../live/context.ts";
import { useText } from "../../text/use-text.ts";
import { IconBell } from "../../ui/icons.ts";
import { Moment } from "../../ui/moment.tsx";
import { BeginButton, usePast } from "../../ui/only-now.tsx";
import css from "./bell.module.css";

interface Notice {
  readonly notificationId: string;
  readonly kind: string;
  readonly title: string;
  readonly ticketId: string;
  readonly number: string;
  readonly subject: string;
  readonly at: string;
  readonly position: string;
  readonly read: boolean;
  readonly actor: { readonly name: string | null };
}

const asked = "docket.desktop-notices";
const desktop = (): boolean =>
  typeof Notification !== "undefined" && Notification.permission === "granted" && localStorage.getItem(asked) === "on";

/** What concerns me, as it happens: a quiet count, a list, and, when one allows it, the system's own notices while the page is out of sight. */
export function Bell(): React.ReactNode {
  const { t } = useText();
  const { account } = useSession();
  const navigate = useNavigate();
  const past = usePast();
  const [items, setItems] = useState<readonly Notice[]>([]);
  const [unread, setUnread] = useState(0);
  const [open, setOpen] = useState(false);
  const [heard, setHeard] = useState(false);
  const [spoken, setSpoken] = useState(true);
  const go = useRef((_notice: Notice): void => undefined);
  go.current = ({ number, notificationId }) => {
    setOpen(false);
    if (past === undefined) {
      post("/notifications/read", { ids: [notificationId] }).catch(() => undefined);
      setItems((before) =>
        before.map((each) => (each.notificationId === notificationId ? { ...each, read: true } : each)),
      );
      setUnread((count) => Math.max(0, count - 1));
    }
    void navigate({ to: "/tickets/$ticket", params: { ticket: number } as never });
  };
  useWatch(worksOnTickets(account) || account.role === "requester" ? { view: "notifications", filter: {} } : null, {
    frame: (frame) => {
      if (frame.type !== "notifications") return;
      const told = frame["items"] as readonly Notice[];
      const whole = frame["whole"] === true;
      setHeard(true);
      setUnread(frame["unread"] as number);
      setItems((before) => {
        const ids = new Set(told.map(({ notificationId }) => notificationId));
        return [...told, ...(whole ? [] : before.filter(({ notificationId }) => !ids.has(notificationId)))].slice(
          0,
          50,
        );
      });
      if (whole) return;
      for (const notice of told.filter(({ read }) => !read).slice(0, 3))
        tell(notice, () => go.current(notice), t("action.close"));
    },
    refused: () => setSpoken(false),
  });
  useEffect(() => setSpoken(true), [account.accountId]);
  if (!spoken || !(worksOnTickets(account) || account.role === "requester")) return null;
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="sm" width={360} trapFocus>
      <Indicator disabled={unread === 0} label={unread > 99 ? "99+" : unread} size={16} offset={4} color="indigo">
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("notices.title", { count: unread })}
            aria-expanded={open}
            data-heard={heard}
            onClick={() => setOpen(!open)}
          >
            <IconBell size={18} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown p={0}>
        <div className={css["head"]}>
          <b>{t("notices.heading")}</b>
          {unread === 0 || items[0] === undefined ? null : (
            <BeginButton
              size="compact-xs"
              variant="subtle"
              onClick={() => {
                post("/notifications/read", { upTo: items[0]?.position }).catch(() => undefined);
                setUnread(0);
                setItems((before) => before.map((each) => ({ ...each, read: true })));
              }}
            >
              {t("notices.readAll")}
            </BeginButton>
          )}
        </div>
        {items.length === 0 ? <p className={css["none"]}>{t("notices.none")}</p> : null}
        <ul className={css["list"]}>
          {items.map((notice) => (
            <li key={notice.notificationId} data-unread={!notice.read}>
              <button type="button" onClick={() => go.current(notice)}>
                <span>{notice.title}</span>
                <span className={css["what"]}>{notice.subject}</span>
                <span className={css["when"]}>
                  <Moment at={notice.at} form="relative" />
                </span>
              </button>
            </li>
          ))}
        </ul>
        <DesktopChoice />
      </Popover.Dropdown>
    </Popover>
  );
}

/** Of its own, so that the browser is asked for its permission (it stops the page to answer) when the list is open, and not with each notice. */
function DesktopChoice(): React.ReactNode {
  const { t } = useText();
  const [, redraw] = useState(0);
  if (typeof Notification === "undefined" || Notification.permission === "denied") return null;
  return (
    <div className={css["foot"]}>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() =>
          void (async () => {
            const on = desktop();
            if (!on) await Notification.requestPermission();
            localStorage.setItem(asked, on ? "off" : "on");
            redraw((count) => count + 1);
          })()
        }
      >
        {desktop() ? t("notices.desktopOff") : t("notices.desktopOn")}
      </Button>
    </div>
  );
}

function tell(notice: Notice, go: () => void, close: string): void {
  if (document.visibilityState === "hidden" && desktop()) {
    const shown = new Notification(notice.title, { body: notice.subject, tag: notice.notificationId });
    shown.addEventListener("click", () => {
      window.focus();
      go();
    });
    return;
  }
  // Whoever has the ticket before him sees it happen; a word over the page would only hide where he writes.
  if (document.querySelector(`[data-ticket="${CSS.escape(notice.number)}"]`) !== null) return;
  toasts.show({
    id: notice.notificationId,
    title: notice.title,
    message: notice.subject,
    onClick: go,
    closeButtonProps: { "aria-label": close },
  });
}
