import { Button } from "@mantine/core";
import { useText } from "../../text/use-text.ts";
import css from "../policy.module.css";

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
