import { Button, CloseButton, Dialog } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Account } from "@docket/api-contract";
import { isCustomer, useSession } from "../api/session.ts";
import { useText } from "../text/use-text.ts";
import css from "./shell.module.css";

const seen = "docket.tour";

/** A step's place on the screen, and the screen where it is found; of several places the first that is in sight counts. */
interface Step {
  readonly id:
    | "queues"
    | "clocks"
    | "ticket"
    | "rail"
    | "search"
    | "replay"
    | "trust"
    | "figures"
    | "whatIf"
    | "directory"
    | "state"
    | "keys"
    | "moment"
    | "live"
    | "portal"
    | "portalNew";
  readonly to?: string;
  readonly target: string;
}

const menu = "[data-tour=menu]";
const everywhere: readonly Step[] = [
  { id: "keys", target: "[data-tour=search]" },
  { id: "moment", target: "[data-tour=moment]" },
  { id: "live", target: "[data-tour=connection]" },
];
const deskSteps: readonly Step[] = [
  { id: "queues", to: "/queues/all-open", target: `[data-tour=rail] [data-counter=all-open], ${menu}` },
  { id: "clocks", target: "[role=row][data-number] [data-tour=clock]" },
  { id: "ticket", target: "article[data-ticket] header, article[data-ticket]" },
  ...everywhere,
];
const rail: Step = { id: "rail", target: `[data-tour=rail], ${menu}` };
const stepsOf: Partial<Record<Account["role"], readonly Step[]>> = {
  auditor: [
    rail,
    { id: "search", to: "/audit", target: "main [role=search]" },
    { id: "replay", target: "main ol li" },
    { id: "trust", to: "/audit/trust", target: "main h1" },
    ...everywhere,
  ],
  analyst: [
    rail,
    { id: "figures", to: "/insight", target: "main a[href*='/insight/tickets']" },
    { id: "whatIf", to: "/insight/what-if", target: "main form" },
    ...everywhere,
  ],
  admin: [
    rail,
    { id: "directory", to: "/admin", target: "main nav" },
    { id: "state", to: "/ops", target: "main h1" },
    ...everywhere,
  ],
};
const customerSteps: readonly Step[] = [
  { id: "portal", to: "/portal", target: "main h1" },
  { id: "portalNew", target: "[data-tour=new]" },
  { id: "moment", target: "[data-tour=moment]" },
];

const longestMs = 60_000;

/** The first of a selector's elements that can be seen. */
const inSight = (selector: string): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>(selector)].find((element) =>
    element.checkVisibility({ visibilityProperty: true }),
  );

/** Draws a step's place out for as long as the step lasts; waits for a screen that is still on its way. */
function useSpotlight({ target, to }: Step): boolean {
  const navigate = useNavigate();
  const [found, setFound] = useState(false);
  useEffect(() => {
    setFound(false);
    if (to !== undefined && location.pathname !== to) void navigate({ to });
    let lit: HTMLElement | undefined;
    const began = performance.now();
    const timer = setInterval(() => {
      // a list draws its rows anew as they move
      if (lit?.isConnected === true) return;
      lit = inSight(target);
      if (lit === undefined) {
        if (target.startsWith("article")) inSight("[role=row][data-number]")?.click();
        if (performance.now() - began > longestMs) clearInterval(timer);
        return;
      }
      lit.setAttribute("data-tour-here", "");
      lit.scrollIntoView({ block: "nearest" });
      setFound(true);
    }, 100);
    return () => {
      clearInterval(timer);
      for (const element of document.querySelectorAll("[data-tour-here]")) element.removeAttribute("data-tour-here");
    };
  }, [navigate, target, to]);
  return found;
}

/** Two minutes through the console itself, once; again from the list of commands. The place that is spoken of is drawn out. */
export function Tour({ onClose }: { readonly onClose: () => void }): React.ReactNode {
  const { t } = useText();
  const { account } = useSession();
  const [at, setAt] = useState(0);
  const steps = isCustomer(account) ? customerSteps : (stepsOf[account.role] ?? deskSteps);
  const step = steps[at] ?? (steps[0] as Step);
  const found = useSpotlight(step);
  const end = (): void => {
    localStorage.setItem(seen, "seen");
    onClose();
  };
  return (
    <Dialog
      opened
      withBorder
      size="md"
      className={css["tour"] ?? ""}
      role="dialog"
      aria-labelledby="tour-step"
      data-step={step.id}
      data-found={found}
      onKeyDown={({ key }) => (key === "Escape" ? end() : undefined)}
    >
      <div className={css["tourHead"]}>
        <span>{t("tour.title", { at: at + 1, of: steps.length })}</span>
        <CloseButton aria-label={t("tour.skip")} onClick={end} />
      </div>
      <div aria-live="polite">
        <h2 id="tour-step">{t(`tour.${step.id}`)}</h2>
        <p>{t(`tour.${step.id}.text`)}</p>
      </div>
      <div className={css["tourFoot"]}>
        {at === 0 ? null : (
          <Button variant="default" size="xs" onClick={() => setAt(at - 1)}>
            {t("tour.back")}
          </Button>
        )}
        <Button autoFocus size="xs" onClick={() => (at + 1 === steps.length ? end() : setAt(at + 1))}>
          {t(at + 1 === steps.length ? "tour.done" : "tour.next")}
        </Button>
      </div>
    </Dialog>
  );
}
