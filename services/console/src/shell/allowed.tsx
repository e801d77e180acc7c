import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useSession } from "../api/session.ts";
import { openTo } from "../app/open-to.ts";
import { useText } from "../text/use-text.ts";
import { NoRights } from "../ui/states.tsx";

/** The address of the screen that is drawn: not yet of the one that is on its way. */
export const useScreenPath = (): string => useRouterState({ select: ({ matches }) => matches.at(-1)?.pathname ?? "/" });

/** The screen of the address, if it is for whoever is signed in. */
export function AllowedScreen(): React.ReactNode {
  const { t } = useText();
  const { account } = useSession();
  const path = useScreenPath();
  if (openTo(account, path)) return <Outlet />;
  return (
    <NoRights>
      <Link to="/">{t("state.goHome")}</Link>
    </NoRights>
  );
}
