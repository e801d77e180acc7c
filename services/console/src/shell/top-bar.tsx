import { ActionIcon, SegmentedControl, UnstyledButton } from "@mantine/core";
import { Suspense } from "react";
import { useSession } from "../api/session.ts";
import { useConnection, useLive } from "../live/context.ts";
import { relativeTime } from "../text/format.ts";
import type { Language } from "../text/i18n.ts";
import { useText } from "../text/use-text.ts";
import { useTicking } from "../time/now.ts";
import { IconHelp, IconMenu, IconPlug, IconPlugOff, IconSearch, IconUser } from "../ui/icons.ts";
import { idlePart } from "../ui/later-part.ts";
import { useTip } from "../ui/tip.tsx";
import { openHelp, openPalette } from "./overlays.ts";
import { chooseLanguage } from "./preferences.ts";
import { topBarExtras } from "./top-bar-extras.tsx";
import { MomentWords } from "./past-banner.tsx";
import css from "./shell.module.css";

const MeMenu = idlePart(() => import("./me-menu.tsx").then(({ MeMenu }) => MeMenu));
const MomentControl = idlePart(() => import("./moment-control.tsx").then(({ MomentControl }) => MomentControl));

/** Search and commands, the moment that is shown, the connection, the language, and who works here. */
export function TopBar({ onMenu }: { readonly onMenu: () => void }): React.ReactNode {
  const { t, language } = useText();
  const help = useTip(t("keys.help"));
  return (
    <header className={css["top"]}>
      <ActionIcon
        className={css["menu"] ?? ""}
        variant="subtle"
        color="gray"
        aria-label={t("shell.menu")}
        data-tour="menu"
        onClick={onMenu}
      >
        <IconMenu size={18} />
      </ActionIcon>
      <span className={css["brand"]}>Docket</span>
      <UnstyledButton
        className={css["search"] ?? ""}
        onClick={openPalette}
        aria-keyshortcuts="Control+K"
        data-tour="search"
      >
        <IconSearch size={15} aria-hidden />
        <span>{t("shell.search")}</span> <kbd>Ctrl K</kbd>
      </UnstyledButton>
      <Suspense fallback={<MomentButton />}>
        <MomentControl />
      </Suspense>
      <ConnectionState />
      {topBarExtras.map((Extra) => (
        <Extra key={Extra.name} />
      ))}
      <SegmentedControl
        className={css["language"] ?? ""}
        size="xs"
        aria-label={t("shell.language")}
        value={language}
        onChange={(wanted) => chooseLanguage(wanted as Language)}
        data={[
          { value: "ru", label: "ru" },
          { value: "en", label: "en" },
        ]}
      />
      <ActionIcon
        {...help.target}
        className={css["helpButton"] ?? ""}
        variant="subtle"
        color="gray"
        aria-label={t("keys.help")}
        onClick={openHelp}
      >
        <IconHelp size={18} />
      </ActionIcon>
      {help.shown}
      <Suspense fallback={<MeButton />}>
        <MeMenu />
      </Suspense>
    </header>
  );
}

/** Live, or since when not; while it is not live nothing may be done. */
function ConnectionState(): React.ReactNode {
  const { t } = useText();
  const connection = useConnection();
  const socket = useLive();
  const live = connection.state === "live";
  const since = "since" in connection ? connection.since : null;
  const age = useTicking((now) => (since === null ? "" : relativeTime(since, now)));
  const text = live
    ? t("connection.live")
    : since === null
      ? t("connection.connecting")
      : t("connection.lost", { age });
  const tip = useTip(live ? t("connection.liveHint") : t("connection.lostHint"));
  return (
    <>
      <button
        {...tip.target}
        type="button"
        className={css["connection"]}
        data-tour="connection"
        data-live={live}
        aria-label={text}
        onClick={() => socket.retry()}
      >
        {live ? <IconPlug size={15} aria-hidden /> : <IconPlugOff size={15} aria-hidden />}
        <span role="status">{text}</span>
      </button>
      {tip.shown}
    </>
  );
}

/** They hold the place of what loads when the first screen stands, and say the same. */
function MeButton(): React.ReactNode {
  const { t } = useText();
  const { account } = useSession();
  return (
    <UnstyledButton className={css["me"] ?? ""} aria-label={t("shell.me", { name: account.name })} disabled>
      <IconUser size={16} aria-hidden />
      <span>{account.name}</span>
    </UnstyledButton>
  );
}

function MomentButton(): React.ReactNode {
  return (
    <span className={css["moment"]}>
      <button type="button" className={css["momentButton"]} disabled>
        <MomentWords />
      </button>
    </span>
  );
}
