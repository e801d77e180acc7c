import type { Contract } from "@docket/domain";
import { useText } from "../text/use-text.ts";

/** Which targets the newest version of a policy has otherwise than the one before. */
export function TargetChanges(props: { readonly before: unknown; readonly after: unknown }): React.ReactNode {
  const { t, term } = useText();
  const newest = (policies: unknown): Contract["policies"][number] | undefined =>
    (policies as Contract["policies"] | null)?.toSorted((a, b) => a.version - b.version).at(-1);
  const old = newest(props.before)?.policy.targets ?? [];
  return newest(props.after)?.policy.targets.flatMap((target) => {
    const was = old.find(({ type, priority }) => type === target.type && priority === target.priority);
    return (["reaction", "resolution"] as const).flatMap((clock) =>
      was === undefined || was[clock] === target[clock] ? (
        []
      ) : (
        <div key={`${target.type}${target.priority}${clock}`}>
          {term("ticketType", target.type)}, {term("priority", target.priority)}, {t(`admin.${clock}`)}:{" "}
          {targetText(t, was[clock])} → {targetText(t, target[clock])}
        </div>
      ),
    );
  });
}

/** When a step of the chain comes, as people say it: `80 %`, and `+30m` after or `-1h` before the deadline. */
export const stepText = (t: ReturnType<typeof useText>["t"], at: string): string =>
  at.endsWith("%") ? `${at.slice(0, -1)}\u00A0%` : `${at.slice(0, 1)}${targetText(t, at.slice(1))}`;

/** `4h`, `30m`, `3d` in words. */
export function targetText(t: ReturnType<typeof useText>["t"], target: string): string {
  if (target.endsWith("d")) return t("admin.workingDays", { count: Number.parseInt(target, 10) });
  return target
    .replace(/(\d+)h/u, `$1\u00A0${t("admin.hours")} `)
    .replace(/(\d+)m/u, `$1\u00A0${t("admin.minutes")}`)
    .trim();
}
