import { Button } from "@mantine/core";
import { useText } from "../text/use-text.ts";

interface MoreProps {
  readonly of: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    fetchNextPage(): unknown;
  };
}

/** Under a list by pages: fetches the next one. Nothing when there is none. */
export function More({ of }: MoreProps): React.ReactNode {
  const { t } = useText();
  if (!of.hasNextPage) return null;
  return (
    <Button size="xs" variant="default" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
      {t("state.more")}
    </Button>
  );
}
