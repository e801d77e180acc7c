import type { SlaPolicy } from "@docket/domain";
import { Button, Select, TextInput } from "@mantine/core";
import { useText } from "../../text/use-text.ts";
import css from "../policy.module.css";
import { faultOf } from "./field-input.tsx";
import { Moves } from "./moves.tsx";
import { PickOne, type Choice } from "./references.tsx";
import { moved, replaced, without } from "./values.ts";

type Step = SlaPolicy["chain"][number];
const actions = ["notify_engineer", "notify_manager", "move_to_group"] as const;

interface ChainProps {
  readonly chain: SlaPolicy["chain"];
  readonly groups: readonly Choice[];
  readonly faults: ReadonlyMap<string, string>;
  readonly onChange: (chain: SlaPolicy["chain"]) => void;
}

/** Who is told, or where the ticket goes, as a deadline comes near and passes. */
export function PolicyChain({ chain, groups, faults, onChange }: ChainProps): React.ReactNode {
  const { t, term } = useText();
  const change = (at: number, part: Partial<Step>): void => {
    const before = chain[at];
    if (before !== undefined) onChange([...replaced(chain, at, { ...before, ...part })]);
  };
  return (
    <fieldset className={css["chain"]}>
      <legend>{t("admin.policy.chain")}</legend>
      {chain.map((step, at) => (
        <div key={at} className={css["step"]} role="group" aria-label={t("admin.policy.step", { step: at + 1 })}>
          <Select
            size="xs"
            label={t("admin.policy.clock")}
            allowDeselect={false}
            data={(["reaction", "resolution", "ola"] as const).map((clock) => ({
              value: clock,
              label: term("clockKind", clock),
            }))}
            value={step.clock}
            onChange={(clock) =>
              change(at, { clock: clock as Step["clock"], level: nextLevel(chain, String(clock), at) })
            }
          />
          <TextInput
            size="xs"
            label={t("admin.policy.at")}
            error={faultOf(faults, `policy.chain.${at}.at`)}
            value={step.at}
            onChange={(event) => change(at, { at: event.currentTarget.value.trim() })}
          />
          <Select
            size="xs"
            label={t("admin.policy.action")}
            allowDeselect={false}
            data={actions.map((action) => ({ value: action, label: term("chainAction", action) }))}
            value={step.action}
            onChange={(action) =>
              change(at, {
                action: action as Step["action"],
                groupId: action === "move_to_group" ? (step.groupId ?? groups[0]?.value ?? null) : null,
              })
            }
          />
          {step.action === "move_to_group" ? (
            <PickOne
              label={t("admin.policy.group")}
              choices={groups}
              required
              error={faultOf(faults, `policy.chain.${at}.groupId`)}
              value={step.groupId ?? ""}
              onChange={(groupId) => change(at, { groupId })}
            />
          ) : null}
          <Moves
            of={t("admin.policy.step", { step: at + 1 })}
            first={at === 0}
            last={at === chain.length - 1}
            onMove={(by) => onChange([...moved(chain, at, by)])}
            onRemove={() => onChange([...without(chain, at)])}
          />
        </div>
      ))}
      <Button
        size="compact-xs"
        variant="default"
        onClick={() =>
          onChange([
            ...chain,
            {
              clock: "resolution",
              level: nextLevel(chain, "resolution", -1),
              at: "90%",
              action: "notify_manager",
              groupId: null,
            },
          ])
        }
      >
        {t("admin.policy.addStep")}
      </Button>
    </fieldset>
  );
}

/** Levels tell the steps of one clock apart. */
const nextLevel = (chain: SlaPolicy["chain"], clock: string, except: number): number =>
  Math.max(0, ...chain.filter((one, at) => at !== except && one.clock === clock).map(({ level }) => level)) + 1;
