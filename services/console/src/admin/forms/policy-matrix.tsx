import type { SlaPolicy } from "@docket/domain";
import { TextInput } from "@mantine/core";
import { isTarget } from "../../text/target.ts";
import { useText } from "../../text/use-text.ts";
import { PriorityMatrix } from "../../ui/priority-matrix.tsx";
import { allPriorities, ticketTypes, type Priority, type TicketType } from "../../ui/ticket-types.ts";
import { replaced, without } from "./values.ts";

const clocks = ["reaction", "resolution"] as const;

interface MatrixProps {
  readonly targets: SlaPolicy["targets"];
  readonly faults: ReadonlyMap<string, string>;
  readonly onChange: (targets: SlaPolicy["targets"]) => void;
}

/** The promises of a contract; a cell that is empty is not in it. */
export function PolicyMatrix({ targets, faults, onChange }: MatrixProps): React.ReactNode {
  const { t } = useText();
  const placeOf = (type: TicketType, priority: Priority): number =>
    targets.findIndex((one) => one.type === type && one.priority === priority);
  const write = (type: TicketType, priority: Priority, clock: (typeof clocks)[number], said: string): void => {
    const at = placeOf(type, priority);
    const before = targets[at] ?? { type, priority, reaction: "", resolution: "" };
    const next = { ...before, [clock]: said };
    if (next.reaction.trim() === "" && next.resolution.trim() === "") onChange([...without(targets, at)]);
    else onChange(at < 0 ? inOrder([...targets, next]) : [...replaced(targets, at, next)]);
  };
  return (
    <PriorityMatrix name={t("admin.policy.matrix")} corner={t("admin.type")} never={t("admin.policy.never")}>
      {(type, priority) => {
        const at = placeOf(type, priority);
        return clocks.map((clock) => {
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
        });
      }}
    </PriorityMatrix>
  );
}

const inOrder = (targets: SlaPolicy["targets"]): SlaPolicy["targets"] =>
  targets.toSorted(
    (a, b) =>
      ticketTypes.indexOf(a.type) - ticketTypes.indexOf(b.type) ||
      allPriorities.indexOf(a.priority) - allPriorities.indexOf(b.priority),
  );
