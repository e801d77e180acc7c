import { Checkbox } from "@mantine/core";
import { useText } from "../../text/use-text.ts";
import { columns } from "./columns.tsx";
import css from "./queue.module.css";

/** Which columns are shown; the number always is. */
export function ColumnMenu({
  ids,
  onToggle,
}: {
  readonly ids: readonly string[];
  onToggle(id: string): void;
}): React.ReactNode {
  const { t } = useText();
  return (
    <div className={css["columnsMenu"]}>
      {columns.map(({ id, title }) => (
        <Checkbox
          key={id}
          size="xs"
          label={t(title)}
          checked={ids.includes(id)}
          disabled={id === "number"}
          onChange={() => onToggle(id)}
        />
      ))}
    </div>
  );
}
