import { ActionIcon, Menu, SegmentedControl, Tooltip, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useSession } from "../api/session.ts";
import { useConnection, useLive } from "../live/context.ts";
import { browserZone, relativeTime } from "../text/format.ts";
import type { Language } from "../text/i18n.ts";
import { useText } from "../text/use-text.ts";
import { useTicking } from "../time/now.ts";
import {
  IconDevice,
  IconHelp,
  IconMenu,
  IconMoon,
  IconPlug,
  IconPlugOff,
  IconSearch,
  IconSun,
  IconUser,
} from "../ui/icons.ts";
import { densityAtHand, setDensity, type Density } from "./look.ts";
import { MomentControl } from "./moment-control.tsx";
import { openHelp, openPalette } from "./overlays.ts";
import { chooseLanguage, keepChoice } from "./preferences.ts";
import { topBarExtras } from "./top-bar-extras.tsx";
import css from "./shell.module.css";

/** Search and commands, the moment that is shown, the connection, the language, and who works here. */
export function TopBar({ onMenu }: { readonly onMenu: () => void }): React.ReactNode {
  const { t, language } = useText();
  return (
    <header className={css["top"]}>
      <ActionIcon
        className={css["menu"] ?? ""}
        variant="subtle"
        color="gray"
        aria-label={t("shell.menu")}
        onClick={onMenu}
      >
        <IconMenu size={18} />
      </ActionIcon>
      <span className={css["brand"]}>Docket</span>
      <UnstyledButton className={css["search"] ?? ""} onClick={openPalette} aria-keyshortcuts="Control+K">
        <IconSearch size={15} aria-hidden />
        <span>{t("shell.search")}</span> <kbd>Ctrl K</kbd>
      </UnstyledButton>
      <MomentControl />
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
      <Tooltip label={t("keys.help")}>
        <ActionIcon
          className={css["helpButton"] ?? ""}
          variant="subtle"
          color="gray"
          aria-label={t("keys.help")}
          onClick={openHelp}
        >
          <IconHelp size={18} />
        </ActionIcon>
      </Tooltip>
      <MeMenu />
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
  return (
    <Tooltip label={live ? t("connection.liveHint") : t("connection.lostHint")} multiline maw={280}>
      <button
        type="button"
        className={css["connection"]}
        data-live={live}
        aria-label={text}
        onClick={() => socket.retry()}
      >
        {live ? <IconPlug size={15} aria-hidden /> : <IconPlugOff size={15} aria-hidden />}
        <span role="status">{text}</span>
      </button>
    </Tooltip>
  );
}

function MeMenu(): React.ReactNode {
  const { t, term, language } = useText();
  const { account, leave } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={css["me"] ?? ""} aria-label={t("shell.me", { name: account.name })}>
          <IconUser size={16} aria-hidden />
          <span>{account.name}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {account.name}, {term("role", account.role)}
        </Menu.Label>
        <Menu.Label>{t("shell.zone", { zone: browserZone })}</Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t("shell.scheme")}</Menu.Label>
        {(
          [
            ["light", IconSun],
            ["dark", IconMoon],
            ["auto", IconDevice],
          ] as const
        ).map(([scheme, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={15} />}
            onClick={() => {
              setColorScheme(scheme);
              keepChoice({ scheme });
            }}
            aria-current={colorScheme === scheme}
          >
            {t(`shell.scheme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t("shell.density")}</Menu.Label>
        {(["compact", "normal", "roomy"] as const satisfies readonly Density[]).map((density) => (
          <Menu.Item
            key={density}
            onClick={() => {
              setDensity(density);
              keepChoice({ density });
            }}
            aria-current={densityAtHand() === density}
          >
            {t(`shell.density.${density}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {/* Narrow screens have no switch in the bar. */}
        <Menu.Item
          lang={language === "ru" ? "en" : "ru"}
          onClick={() => chooseLanguage(language === "ru" ? "en" : "ru")}
        >
          {language === "ru" ? "English" : "Русский"}
        </Menu.Item>
        <Menu.Item onClick={openHelp}>{t("keys.help")}</Menu.Item>
        <Menu.Item onClick={() => void leave()}>{t("shell.leave")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
