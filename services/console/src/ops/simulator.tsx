import { NumberInput } from "@mantine/core";
import { useState } from "react";
import { patch } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { useRead } from "../moment/moment.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { OnlyNow } from "../ui/only-now.tsx";
import css from "./ops.module.css";

interface Simulation {
  readonly running: boolean | null;
  readonly speed: number | null;
  readonly watched: boolean;
}

/** The traffic that a trial installation makes by itself: on, off, and how fast. */
export function Simulator(): React.ReactNode {
  const { t } = useText();
  const simulation = useRead<Simulation>("/ops/simulation", { timeless: true, refetchInterval: 5_000 });
  const [typed, setTyped] = useState<number | string>("");
  if (simulation.data === undefined) return null;
  const { running, speed, watched } = simulation.data;
  const change = (to: object): Promise<unknown> => patch("/ops/simulation", to);
  const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ["ops", "simulation"] });
  const on = running !== false;
  return (
    <section className={css["section"]} aria-label={t("ops.simulator")}>
      <h2>{t("ops.simulator")}</h2>
      <p className={css["quiet"]}>
        {t(running === null ? "ops.simulatorAsStarted" : on ? "ops.simulatorOn" : "ops.simulatorOff")}
        {speed === null ? "" : ` ${t("ops.simulatorSpeed", { speed: numberText(speed) })}`}{" "}
        {watched ? "" : t("ops.simulatorPaused")}
      </p>
      <OnlyNow>
        <div className={css["controls"]}>
          <CommandButton size="xs" variant="default" run={() => change({ running: !on })} onDone={refresh}>
            {t(on ? "ops.simulatorStop" : "ops.simulatorStart")}
          </CommandButton>
          <NumberInput
            size="xs"
            w={140}
            min={0.1}
            max={100}
            step={0.5}
            label={t("ops.simulatorFaster")}
            value={typed === "" ? (speed ?? 1) : typed}
            onChange={setTyped}
          />
          <CommandButton
            size="xs"
            variant="default"
            off={typeof typed === "number" ? null : t("ops.simulatorSay")}
            run={() => change({ speed: typed })}
            onDone={() => {
              setTyped("");
              refresh();
            }}
          >
            {t("ops.simulatorSet")}
          </CommandButton>
        </div>
      </OnlyNow>
    </section>
  );
}
