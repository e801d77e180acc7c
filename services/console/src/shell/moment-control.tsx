import { Button, Popover, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMoment } from "../moment/moment.ts";
import { browserZone } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { now } from "../time/now.ts";
import { MomentWords } from "./past-banner.tsx";
import css from "./shell.module.css";

/** `2026-03-12T14:00` in the browser's zone, as an input of type datetime-local takes it. */
function localText(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

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
  const chosen = Date.parse(wanted);
  const fault = wanted !== "" && (Number.isNaN(chosen) || chosen > now()) ? t("moment.notPast") : undefined;
  const go = (at: number): void => {
    show(new Date(at).toISOString());
    setOpen(false);
  };
  return (
    <span className={css["moment"]}>
      <Popover opened={open} onChange={setOpen} position="bottom" withArrow shadow="sm" trapFocus>
        <Popover.Target>
          <button
            type="button"
            className={css["momentButton"]}
            data-past={!live}
            data-tour="moment"
            aria-expanded={open}
            onClick={() => {
              setWanted(localText(asOf === null ? now() - 3_600_000 : Date.parse(asOf)));
              setOpen(!open);
            }}
          >
            <MomentWords />
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <form
            className={css["momentForm"]}
            onSubmit={(event) => {
              event.preventDefault();
              if (wanted !== "" && fault === undefined) go(chosen);
            }}
          >
            <TextInput
              type="datetime-local"
              label={t("moment.choose")}
              description={t("shell.zone", { zone: browserZone })}
              value={wanted}
              max={localText(now())}
              error={fault}
              onChange={(event) => setWanted(event.currentTarget.value)}
            />
            <div className={css["momentBacks"]}>
              {backs.map(([key, ms]) => (
                <Button key={key} size="compact-xs" variant="default" onClick={() => go(now() - ms)}>
                  {t(key)}
                </Button>
              ))}
            </div>
            <Button type="submit" size="xs" disabled={wanted === "" || fault !== undefined}>
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
