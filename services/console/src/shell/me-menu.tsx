import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useSession } from "../api/session.ts";
import { browserZone } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { IconDevice, IconMoon, IconSun, IconUser } from "../ui/icons.ts";
import { densityAtHand, setDensity, type Density } from "./look.ts";
import { openHelp } from "./overlays.ts";
import { chooseLanguage, keepChoice } from "./preferences.ts";
import css from "./shell.module.css";

/** Who works here, how it looks for him, and the way out. */
export function MeMenu(): React.ReactNode {
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
