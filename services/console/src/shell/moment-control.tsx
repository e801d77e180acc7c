import { Button, Popover } from "@mantine/core";
import { useRef, useState } from "react";
import { useMoment } from "../moment/moment.ts";
import { browserZone } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { now } from "../time/now.ts";
import { localMoment } from "../ui/day-text.ts";
import { MomentField } from "../ui/moment-field.tsx";
import { stopAtUnread } from "../ui/unread.ts";
import { MomentWords } from "./past-banner.tsx";
import css from "./shell.module.css";

const backs = [
  ["moment.hour", 3_600_000],
  ["moment.day", 86_400_000],
  ["moment.week", 604_800_000],
] as const;

/** "Live" or a past instant: one control for every screen. The instant stands in the address, so a link carries it. */
export function MomentControl(): React.ReactNode {
  const { t } = useText();
  const { asOf, live, show } = useMoment();
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState("");
  const button = useRef<HTMLButtonElement>(null);
  const chosen = Date.parse(wanted);
  const go = (at: number): void => {
    show(new Date(at).toISOString());
    setOpen(false);
  };
  return (
    <span className={css["moment"]}>
      <Popover opened={open} onChange={setOpen} position="bottom" withArrow shadow="sm" trapFocus closeOnEscape={false}>
        <Popover.Target>
          <button
            ref={button}
            type="button"
            className={css["momentButton"]}
            data-past={!live}
            data-tour="moment"
            aria-expanded={open}
            onClick={() => {
              // a minute of an hour ago is near enough; the moment that is shown is said to the second
              setWanted(asOf === null ? localMoment(now() - 3_600_000).slice(0, 16) : localMoment(Date.parse(asOf)));
              setOpen(!open);
            }}
          >
            <MomentWords />
          </button>
        </Popover.Target>
        <Popover.Dropdown
          onKeyDown={(event) => {
            // Not by the popover itself: it would not leave Escape to the calendar that stands within it.
            if (event.key !== "Escape") return;
            setOpen(false);
            button.current?.focus();
          }}
        >
          <form
            className={css["momentForm"]}
            onSubmit={(event) => {
              event.preventDefault();
              if (!Number.isNaN(chosen) && !stopAtUnread(event.currentTarget)) go(chosen);
            }}
          >
            <MomentField
              size="sm"
              label={t("moment.choose")}
              description={t("shell.zone", { zone: browserZone })}
              value={wanted}
              max={localMoment(now()).slice(0, 16)}
              onChange={setWanted}
              withinPortal={false}
            />
            <div className={css["momentBacks"]}>
              {backs.map(([key, ms]) => (
                <Button key={key} size="compact-xs" variant="default" onClick={() => go(now() - ms)}>
                  {t(key)}
                </Button>
              ))}
            </div>
            <Button type="submit" size="xs" disabled={wanted === ""}>
              {t("moment.show")}
            </Button>
            {live ? null : (
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  show(null);
                  setOpen(false);
                }}
              >
                {t("moment.back")}
              </Button>
            )}
          </form>
        </Popover.Dropdown>
      </Popover>
    </span>
  );
}
