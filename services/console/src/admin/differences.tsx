import type { Names } from "../api/directory.ts";
import { useText } from "../text/use-text.ts";
import css from "./admin.module.css";
import { TargetChanges } from "./targets.tsx";
import { fieldTitle, Value } from "./value.tsx";

interface Changed {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}
type State = Readonly<Record<string, unknown>>;

/** The fields in which an entry after a change is another than before. */
export function Differences(props: {
  readonly before: State;
  readonly after: State;
  readonly names: Names;
}): React.ReactNode {
  const { before, after, names } = props;
  const changes = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((field): Changed[] => {
    const [old, next] = [before[field] ?? null, after[field] ?? null];
    return JSON.stringify(old) === JSON.stringify(next) ? [] : [{ field, before: old, after: next }];
  });
  return changes.map((one) => <Difference key={one.field} {...one} names={names} />);
}

/** One field: from what to what. */
export function Difference({ field, before, after, names }: Changed & { readonly names: Names }): React.ReactNode {
  const { t } = useText();
  return (
    <div className={css["change"]}>
      <span>{fieldTitle(t, field)}:</span> <Value field={field} value={before} names={names} /> →{" "}
      <Value field={field} value={after} names={names} />
      {field === "policies" ? <TargetChanges before={before} after={after} /> : null}
    </div>
  );
}
