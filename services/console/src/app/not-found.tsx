import { Link } from "@tanstack/react-router";
import { useText } from "../text/use-text.ts";
import { Empty } from "../ui/states.tsx";

export function NotFound(): React.ReactNode {
  const { t } = useText();
  return (
    <main>
      <Empty title={t("state.notFound")} hint={t("state.notFoundHint")}>
        <Link to="/">{t("state.goHome")}</Link>
      </Empty>
    </main>
  );
}
