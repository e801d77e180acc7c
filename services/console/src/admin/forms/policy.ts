import type { SlaPolicy } from "@docket/domain";
import { isTarget } from "../../text/target.ts";

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
