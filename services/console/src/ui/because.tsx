import { Popover } from "@mantine/core";
import { useText } from "../text/use-text.ts";
import css from "./ui.module.css";

/** A small "why" beside what the machine decided; it answers in a sentence. */
export function Because({
  children,
  label,
}: {
  readonly children: React.ReactNode;
  readonly label?: string;
}): React.ReactNode {
  const { t } = useText();
  return (
    <Popover position="bottom-start" withArrow shadow="sm" trapFocus={false} returnFocus>
      <Popover.Target>
        <button type="button" className={css["quiet"]} aria-label={label ?? t("because.label")}>
          {t("because.why")}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={css["because"] ?? ""}>{children}</Popover.Dropdown>
    </Popover>
  );
}
