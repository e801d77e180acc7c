import { useCallback, useEffect, useLayoutEffect, useState } from "react";
import { holdWrites } from "../api/client.ts";
import { useMoment } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { AllowedScreen, useScreenPath } from "./allowed.tsx";
import { GlobalActions } from "./global-actions.tsx";
import { Inside } from "./inside.tsx";
import { PastBanner } from "./past-banner.tsx";
import { Rail } from "./rail.tsx";
import css from "./shell.module.css";
import { TopBar } from "./top-bar.tsx";

/** The frame of every screen: rail, top bar, and the screen between; a past moment tints it all. */
export function Shell(): React.ReactNode {
  return (
    <Inside>
      <Frame />
    </Inside>
  );
}

function Frame(): React.ReactNode {
  const { t } = useText();
  const { live } = useMoment();
  const path = useScreenPath();
  const [railOpen, setRailOpen] = useState(false);
  const closeRail = useCallback(() => setRailOpen(false), []);
  useLayoutEffect(() => {
    holdWrites(!live);
    return () => holdWrites(false);
  }, [live]);
  useEffect(() => {
    document.documentElement.dataset["moment"] = live ? "live" : "past";
  }, [live]);
  return (
    <div className={css["shell"]} data-moment={live ? "live" : "past"}>
      <a className={css["skip"]} href="#screen">
        {t("shell.skip")}
      </a>
      <TopBar onMenu={() => setRailOpen(!railOpen)} />
      <PastBanner />
      <Rail open={railOpen} onClose={closeRail} />
      <main id="screen" className={css["screen"]} tabIndex={-1} data-screen={path}>
        <AllowedScreen />
      </main>
      <GlobalActions />
    </div>
  );
}
