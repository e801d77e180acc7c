import type { Contract } from "@docket/domain";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useText } from "../text/use-text.ts";
import { Change } from "./change.tsx";
import css from "./admin.module.css";

/** Says whether a member of staff is there to be given tickets. */
export function Availability(props: { readonly staffId: string; readonly available: boolean }): React.ReactNode {
  const { t } = useText();
  const { staffId, available } = props;
  const [reason, setReason] = useState("");
  return (
    <Change
      title={t(available ? "admin.change.away" : "admin.change.back")}
      command="change-availability"
      body={{ staffId, available: !available, reason: reason.trim() === "" ? null : reason.trim() }}
    >
      <TextInput
        size="xs"
        className={css["reason"] ?? ""}
        label={t("admin.change.reason")}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Change>
  );
}

const target = /^(?:\d{1,4}d|(?=\d)(?:\d{1,5}h)?(?:\d{1,6}m)?)$/u;
const clocks = ["reaction", "resolution"] as const;

/** New targets of a contract, by type and priority, from a moment on; all else of its policy stays. */
export function Targets({ contractId, policies }: Pick<Contract, "contractId" | "policies">): React.ReactNode {
  const { t, term } = useText();
  const policy = policies.at(-1)?.policy;
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [from, setFrom] = useState("");
  if (policy === undefined) return null;
  const valueOf = (place: number, clock: (typeof clocks)[number]): string =>
    typed[`${place}.${clock}`] ?? policy.targets[place]?.[clock] ?? "";
  const targets = policy.targets.map((one, place) => ({
    ...one,
    reaction: valueOf(place, "reaction").trim(),
    resolution: valueOf(place, "resolution").trim(),
  }));
  const sound = targets.every(({ reaction, resolution }) => target.test(reaction) && target.test(resolution));
  const off = from === "" ? t("admin.change.whenFirst") : sound ? null : t("admin.change.targetHint");
  return (
    <Change
      title={t("admin.change.targets")}
      command="change-contract-policy"
      body={{
        contractId,
        policy: { ...policy, targets },
        policyEffectiveFrom: from === "" ? "" : new Date(from).toISOString(),
      }}
      off={off}
    >
      <p>{t("admin.change.targetHint")}</p>
      <div className={css["targets"]}>
        {policy.targets.map(({ type, priority }, place) => (
          <fieldset key={`${type}${priority}`}>
            <legend>
              {term("ticketType", type)}, {term("priority", priority)}
            </legend>
            {clocks.map((clock) => (
              <TextInput
                key={clock}
                size="xs"
                label={t(`admin.${clock}`)}
                value={valueOf(place, clock)}
                error={target.test(valueOf(place, clock).trim()) ? null : true}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  setTyped((before) => ({ ...before, [`${place}.${clock}`]: value }));
                }}
              />
            ))}
          </fieldset>
        ))}
      </div>
      <TextInput
        size="xs"
        className={css["reason"] ?? ""}
        type="datetime-local"
        label={t("admin.holdsFrom")}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
    </Change>
  );
}
