import type { SlaPolicy } from "@docket/domain";
import { TextInput } from "@mantine/core";
import { priorities } from "virtual:command-forms";
import { useText } from "../../text/use-text.ts";
import css from "../policy.module.css";
import { allPriorities, isTarget, ticketTypes } from "./policy.ts";
import { replaced, without } from "./values.ts";

type Target = SlaPolicy["targets"][number];
const clocks = ["reaction", "resolution"] as const;

interface MatrixProps {
  readonly targets: SlaPolicy["targets"];
  readonly faults: ReadonlyMap<string, string>;
  readonly onChange: (targets: SlaPolicy["targets"]) => void;
}

/** Type by priority; a cell that is empty is not in the contract, one that R §3.3 does not know cannot be filled. */
export function PolicyMatrix({ targets, faults, onChange }: MatrixProps): React.ReactNode {
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
