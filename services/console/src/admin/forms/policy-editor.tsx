import type { SlaPolicy } from "@docket/domain";
import { Checkbox, Select, TextInput } from "@mantine/core";
import { isTarget } from "../../text/target.ts";
import { useText } from "../../text/use-text.ts";
import css from "../policy.module.css";
import { faultOf } from "./field-input.tsx";
import { PolicyChain } from "./policy-chain.tsx";
import { PolicyMatrix } from "./policy-matrix.tsx";
import { PickOne, type Choice } from "./references.tsx";

interface PolicyEditorProps {
  readonly policy: SlaPolicy;
  readonly onChange: (policy: SlaPolicy) => void;
  readonly calendars: readonly Choice[];
  readonly groups: readonly Choice[];
  readonly faults: ReadonlyMap<string, string>;
}
type Target = SlaPolicy["targets"][number];
const lines = [1, 2, 3] as const;

/** A contract's policy: the matrix of targets by type and priority, and what holds for all of them. */
export function PolicyEditor({ policy, onChange, calendars, groups, faults }: PolicyEditorProps): React.ReactNode {
  const { t, term } = useText();
  const change = (part: Partial<SlaPolicy>): void => onChange({ ...policy, ...part });
  const { defaultClassification: usual, confirmation } = policy;
  return (
    <div className={css["policy"]}>
      <div className={css["row"]}>
        <PickOne
          label={t("admin.calendar")}
          required
          choices={calendars}
          error={faultOf(faults, "policy.calendarId")}
          value={policy.calendarId}
          onChange={(calendarId) => change({ calendarId })}
        />
        <Select
          size="xs"
          label={t("admin.policy.usual")}
          description={t("admin.policy.usualHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          allowDeselect={false}
          withAsterisk
          error={faultOf(faults, "policy.defaultClassification")}
          data={policy.targets.map(({ type, priority }) => ({
            value: `${type} ${priority}`,
            label: `${term("ticketType", type)}, ${term("priority", priority)}`,
          }))}
          value={`${usual.type} ${usual.priority}`}
          onChange={(said) => {
            const [type, priority] = (said ?? "").split(" ") as [Target["type"], Target["priority"]];
            change({ defaultClassification: { type, priority } });
          }}
        />
      </div>
      <p>{t("admin.change.targetHint")}</p>
      <PolicyMatrix targets={policy.targets} faults={faults} onChange={(targets) => change({ targets })} />
      <fieldset className={css["row"]}>
        <legend>{t("admin.policy.ola")}</legend>
        {lines.map((line) => {
          const at = policy.ola.findIndex((one) => one.line === line);
          const said = policy.ola[at]?.target ?? "";
          return (
            <TextInput
              key={line}
              size="xs"
              label={term("line", String(line))}
              error={said !== "" && !isTarget(said) ? true : at < 0 ? undefined : faultOf(faults, `policy.ola.${at}`)}
              value={said}
              onChange={(event) => {
                const target = event.currentTarget.value.trim();
                const others = policy.ola.filter((one) => one.line !== line);
                change({
                  ola: (target === "" ? others : [...others, { line, target }]).toSorted((a, b) => a.line - b.line),
                });
              }}
            />
          );
        })}
      </fieldset>
      <fieldset className={css["row"]}>
        <legend>{t("admin.policy.pauses")}</legend>
        {(["customer", "approval"] as const).map((pause) => (
          <Checkbox
            key={pause}
            size="xs"
            label={t(`admin.policy.pause.${pause}`)}
            checked={policy.pauses[pause]}
            onChange={(event) => change({ pauses: { ...policy.pauses, [pause]: event.currentTarget.checked } })}
          />
        ))}
      </fieldset>
      <PolicyChain chain={policy.chain} groups={groups} faults={faults} onChange={(chain) => change({ chain })} />
      <fieldset className={css["row"]}>
        <legend>{t("admin.policy.confirmation")}</legend>
        <TextInput
          size="xs"
          type="number"
          min={1}
          max={60}
          label={t("admin.policy.closesAfter")}
          error={faultOf(faults, "policy.confirmation.workingDays")}
          value={String(confirmation.workingDays)}
          onChange={(event) =>
            change({ confirmation: { ...confirmation, workingDays: Number(event.currentTarget.value) } })
          }
        />
        <TextInput
          size="xs"
          label={t("admin.policy.reminders")}
          error={faultOf(faults, "policy.confirmation.reminders")}
          defaultValue={confirmation.reminders.join(", ")}
          onChange={(event) =>
            change({
              confirmation: {
                ...confirmation,
                reminders: event.currentTarget.value
                  .split(/[,;\s]+/u)
                  .flatMap((day) => (/^\d+$/u.test(day) ? [Number(day)] : [])),
              },
            })
          }
        />
        <Checkbox
          size="xs"
          label={t("admin.policy.closesPlanned")}
          checked={policy.closeScheduledWorkOnResolution}
          onChange={(event) => change({ closeScheduledWorkOnResolution: event.currentTarget.checked })}
        />
      </fieldset>
    </div>
  );
}
