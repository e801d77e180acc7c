import type { SlaPolicy } from "@docket/domain";
import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { priorities } from "virtual:command-forms";
import { useText } from "../../text/use-text.ts";
import css from "../policy.module.css";
import { faultOf } from "./field-input.tsx";
import { PickOne, type Choice } from "./references.tsx";
import { moved, replaced, without } from "./values.ts";

interface PolicyEditorProps {
  readonly policy: SlaPolicy;
  readonly onChange: (policy: SlaPolicy) => void;
  readonly calendars: readonly Choice[];
  readonly groups: readonly Choice[];
  readonly faults: ReadonlyMap<string, string>;
}
type Target = SlaPolicy["targets"][number];
type Step = SlaPolicy["chain"][number];

export const ticketTypes = Object.keys(priorities) as (keyof typeof priorities)[];
export const allPriorities = ["high", "medium", "low"] as const;
const clocks = ["reaction", "resolution"] as const;
const lines = [1, 2, 3] as const;
const actions = ["notify_engineer", "notify_manager", "move_to_group"] as const;

/** `30m`, `4h`, `1h30m`, `3d` */
const isTarget = (said: string): boolean => /^(?:\d{1,4}d|(?=\d)(?:\d{1,5}h)?(?:\d{1,6}m)?)$/u.test(said);

/** What a new contract begins with; it is a proposal to be changed. */
export const usualPolicy: SlaPolicy = {
  calendarId: "",
  targets: [
    { type: "incident", priority: "high", reaction: "30m", resolution: "4h" },
    { type: "incident", priority: "medium", reaction: "1h", resolution: "8h" },
    { type: "incident", priority: "low", reaction: "4h", resolution: "3d" },
    { type: "change", priority: "medium", reaction: "4h", resolution: "3d" },
    { type: "change", priority: "low", reaction: "8h", resolution: "10d" },
    { type: "consultation", priority: "low", reaction: "8h", resolution: "3d" },
    { type: "scheduled_work", priority: "low", reaction: "8h", resolution: "5d" },
  ],
  ola: [
    { line: 1, target: "30m" },
    { line: 2, target: "1h" },
    { line: 3, target: "2h" },
  ],
  pauses: { customer: true, approval: true },
  chain: [
    { clock: "reaction", level: 1, at: "80%", action: "notify_engineer", groupId: null },
    { clock: "resolution", level: 1, at: "80%", action: "notify_engineer", groupId: null },
    { clock: "resolution", level: 2, at: "100%", action: "notify_manager", groupId: null },
  ],
  confirmation: { workingDays: 5, reminders: [2, 4] },
  closeScheduledWorkOnResolution: false,
  defaultClassification: { type: "incident", priority: "medium" },
};

/** Is everything that must be there filled in, in a form that can be read? */
export const policyIsSound = (policy: SlaPolicy): boolean =>
  policy.calendarId !== "" &&
  policy.targets.length > 0 &&
  policy.targets.every(({ reaction, resolution }) => isTarget(reaction) && isTarget(resolution)) &&
  policy.ola.every(({ target }) => isTarget(target)) &&
  policy.chain.every(({ at }) => /^(?:\d{1,3}%|[+-](?=\d)(?:\d{1,5}h)?(?:\d{1,6}m)?)$/u.test(at)) &&
  policy.targets.some(
    ({ type, priority }) =>
      type === policy.defaultClassification.type && priority === policy.defaultClassification.priority,
  );

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
      <Matrix targets={policy.targets} faults={faults} onChange={(targets) => change({ targets })} />
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
      <Chain chain={policy.chain} groups={groups} faults={faults} onChange={(chain) => change({ chain })} />
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

interface MatrixProps {
  readonly targets: SlaPolicy["targets"];
  readonly faults: ReadonlyMap<string, string>;
  readonly onChange: (targets: SlaPolicy["targets"]) => void;
}

/** Type by priority; a cell that is empty is not in the contract, one that R §3.3 does not know cannot be filled. */
function Matrix({ targets, faults, onChange }: MatrixProps): React.ReactNode {
  const { t, term } = useText();
  const placeOf = (type: string, priority: string): number =>
    targets.findIndex((one) => one.type === type && one.priority === priority);
  const write = (
    type: Target["type"],
    priority: Target["priority"],
    clock: (typeof clocks)[number],
    said: string,
  ): void => {
    const at = placeOf(type, priority);
    const before = targets[at] ?? { type, priority, reaction: "", resolution: "" };
    const next = { ...before, [clock]: said };
    if (next.reaction.trim() === "" && next.resolution.trim() === "") onChange([...without(targets, at)]);
    else onChange(at < 0 ? inOrder([...targets, next]) : [...replaced(targets, at, next)]);
  };
  return (
    <div className={css["frame"]} tabIndex={0} role="region" aria-label={t("admin.policy.matrix")}>
      <table className={css["matrix"]}>
        <thead>
          <tr>
            <th scope="col">{t("admin.type")}</th>
            {allPriorities.map((priority) => (
              <th key={priority} scope="col">
                {term("priority", priority)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ticketTypes.map((type) => (
            <tr key={type}>
              <th scope="row">{term("ticketType", type)}</th>
              {allPriorities.map((priority) => {
                const at = placeOf(type, priority);
                if (!priorities[type].includes(priority))
                  return (
                    <td key={priority} className={css["never"]}>
                      {t("admin.policy.never")}
                    </td>
                  );
                return (
                  <td key={priority}>
                    <div
                      role="group"
                      className={css["cell"]}
                      aria-label={`${term("ticketType", type)}, ${term("priority", priority)}`}
                    >
                      {clocks.map((clock) => {
                        const said = targets[at]?.[clock] ?? "";
                        return (
                          <TextInput
                            key={clock}
                            size="xs"
                            label={t(`admin.${clock}`)}
                            error={at >= 0 && (!isTarget(said.trim()) || faults.has(`policy.targets.${at}.${clock}`))}
                            value={said}
                            onChange={(event) => write(type, priority, clock, event.currentTarget.value)}
                          />
                        );
                      })}
                    </div>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const inOrder = (targets: SlaPolicy["targets"]): SlaPolicy["targets"] =>
  targets.toSorted(
    (a, b) =>
      ticketTypes.indexOf(a.type) - ticketTypes.indexOf(b.type) ||
      allPriorities.indexOf(a.priority) - allPriorities.indexOf(b.priority),
  );

interface ChainProps {
  readonly chain: SlaPolicy["chain"];
  readonly groups: readonly Choice[];
  readonly faults: ReadonlyMap<string, string>;
  readonly onChange: (chain: SlaPolicy["chain"]) => void;
}

/** Who is told, or where the ticket goes, as a deadline comes near and passes. */
function Chain({ chain, groups, faults, onChange }: ChainProps): React.ReactNode {
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

interface MovesProps {
  /** what is moved, for those who do not see it */
  readonly of: string;
  readonly first: boolean;
  readonly last: boolean;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** Up, down and away: an entry of an ordered list. */
export function Moves({ of, first, last, onMove, onRemove }: MovesProps): React.ReactNode {
  const { t } = useText();
  return (
    <span className={css["moves"]}>
      <Button
        size="compact-xs"
        variant="default"
        disabled={first}
        aria-label={`${t("admin.up")}: ${of}`}
        onClick={() => onMove(-1)}
      >
        ↑
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        disabled={last}
        aria-label={`${t("admin.down")}: ${of}`}
        onClick={() => onMove(1)}
      >
        ↓
      </Button>
      <Button size="compact-xs" variant="default" aria-label={`${t("admin.remove")}: ${of}`} onClick={onRemove}>
        {t("admin.remove")}
      </Button>
    </span>
  );
}
