import { useNavigate } from "@tanstack/react-router";
import { Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { useMantineColorScheme } from "@mantine/core";
import { useSession } from "../api/session.ts";
import { areas } from "../app/areas.ts";
import { homeOf } from "../app/home.ts";
import { useActions, type Action } from "../keys/registry.ts";
import { useText } from "../text/use-text.ts";
import { openHelp, openPalette, onOverlay, overlayShown } from "./overlays.ts";
import { chooseLanguage, followAccount, keepChoice } from "./preferences.ts";
import { laterPart } from "../ui/later-part.ts";
import { usePast } from "../ui/only-now.tsx";
import { Palette } from "./palette.tsx";

const Tour = laterPart(() => import("./tour.tsx").then(({ Tour }) => Tour));
const KeysHelp = laterPart(() => import("./keys-help.tsx").then(({ KeysHelp }) => KeysHelp));

/** What works on every screen: the palette, the list of keys, going to any line of the rail, language and colours. */
export function GlobalActions(): React.ReactNode {
  const navigate = useNavigate();
  const { account, leave } = useSession();
  // By itself only where one begins: whoever follows a link is not led away from what it leads to.
  const [tour, setTour] = useState(
    () => localStorage.getItem("docket.tour") === null && ["/", homeOf(account)].includes(location.pathname),
  );
  const { language } = useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const past = usePast();
  const goings = areas
    .flatMap((area) => area.rail(account))
    .map(({ id, title, to, letter, begins }): Action => ({
      id: `go.${id}`,
      title,
      group: "keys.go",
      ...(letter === undefined ? {} : { keys: [`g ${letter}`] }),
      off: begins === true ? past : undefined,
      run: () => void navigate({ to }),
    }));
  useActions([
    {
      id: "palette",
      title: "palette.open",
      group: "keys.everywhere",
      keys: ["mod+k"],
      keysOnly: true,
      run: openPalette,
    },
    { id: "help", title: "keys.help", group: "keys.everywhere", keys: ["?"], run: openHelp },
    ...goings,
    {
      id: "scheme",
      title: colorScheme === "dark" ? "palette.light" : "palette.dark",
      group: "keys.everywhere",
      run: () => {
        const scheme = colorScheme === "dark" ? "light" : "dark";
        setColorScheme(scheme);
        keepChoice({ scheme });
      },
    },
    {
      id: "language",
      title: "palette.otherLanguage",
      group: "keys.everywhere",
      run: () => chooseLanguage(language === "ru" ? "en" : "ru"),
    },
    { id: "tour", title: "tour.open", group: "keys.everywhere", run: () => setTour(true) },
    { id: "leave", title: "shell.leave", group: "keys.everywhere", run: () => void leave() },
  ]);
  useEffect(() => {
    // what cannot be asked now is as it was in this browser
    void followAccount({ scheme: colorScheme, setScheme: setColorScheme }).catch(() => undefined);
  }, [account.accountId]);
  const overlay = useSyncExternalStore(onOverlay, overlayShown);
  return (
    <>
      {overlay === "palette" ? <Palette /> : null}
      <Suspense fallback={null}>
        {overlay === "help" ? <KeysHelp /> : null}
        {tour ? <Tour onClose={() => setTour(false)} /> : null}
      </Suspense>
    </>
  );
}
