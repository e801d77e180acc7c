import { useText } from "../../text/use-text.ts";

interface BulkBarProps {
  readonly tickets: readonly string[];
  readonly ids: readonly string[];
  readonly total: number;
  onAll(): void;
  onDone(): void;
}

export function BulkBar({ tickets }: BulkBarProps): React.ReactNode {
  const { t } = useText();
  return <div>{t("bulk.picked", { count: tickets.length })}</div>;
}
