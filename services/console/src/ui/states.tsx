import { Button } from "@mantine/core";
import { ApiError, PastShown, Unreachable } from "../api/problem.ts";
import { useMoment } from "../moment/moment.ts";
import { say } from "../text/i18n.ts";
import { useEffect, useRef } from "react";
import { useText } from "../text/use-text.ts";
import { IconAlert, IconInbox, IconPlugOff, IconX } from "./icons.ts";
import css from "./ui.module.css";

/** What takes longer than this says for how long it has been at work. */
const patientSeconds = 2;

/** Something is on its way; said to screen readers once, drawn as the shape of what comes. */
export function Loading({ rows = 6 }: { readonly rows?: number }): React.ReactNode {
  const { t } = useText();
  const takes = useRef<HTMLParagraphElement>(null);
  const say = useRef(t);
  say.current = t;
  useEffect(() => {
    const begun = performance.now();
    // Written without React: many of these stand where a heavy part is on its way, and a change each second would break off its drawing
    // again and again.
    const timer = setInterval(() => {
      const seconds = Math.round((performance.now() - begun) / 1_000);
      if (seconds >= patientSeconds && takes.current !== null)
        takes.current.textContent = say.current("state.takes", { seconds });
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className={css["bars"]} role="status" aria-label={t("state.loading")} data-loading>
      <p ref={takes} className={css["takes"]} aria-hidden />
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={css["bar"]} />
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly hint?: string;
  readonly children?: React.ReactNode;
}

/** There is nothing, honestly: why, and what one could do. */
export function Empty({ title, hint, children }: EmptyProps): React.ReactNode {
  return (
    <div className={css["state"]}>
      <IconInbox size={28} aria-hidden />
      <p className={css["stateTitle"]}>{title}</p>
      {hint === undefined ? null : <p>{hint}</p>}
      {children}
    </div>
  );
}

/** What went wrong, in the gateway's own words, with the code that support asks for; no rights and no connection look their own way. */
export function Failure({ error, retry }: { readonly error: unknown; readonly retry?: () => void }): React.ReactNode {
  const { t } = useText();
  const { live } = useMoment();
  const notYet = !live && error instanceof ApiError && error.status === 404;
  const forbidden = error instanceof ApiError && (error.status === 403 || error.code === "forbidden");
  const away = error instanceof Unreachable;
  const Icon = away ? IconPlugOff : forbidden ? IconX : IconAlert;
  return (
    <div className={css["state"]} role="alert">
      <Icon size={28} aria-hidden />
      <p className={css["stateTitle"]}>
        {away ? t("state.unreachable") : forbidden ? t("state.forbidden") : t(notYet ? "state.notYet" : "state.failed")}
      </p>
      <p>{messageOf(error, t("state.unreachableHint"), t("state.unexpected"))}</p>
      {error instanceof ApiError ? <code>{error.code}</code> : null}
      {retry === undefined || forbidden ? null : (
        <Button variant="default" onClick={retry}>
          {t("state.retry")}
        </Button>
      )}
    </div>
  );
}

/** Where somebody came by a link that is not for his role. */
export function NoRights({ children }: { readonly children: React.ReactNode }): React.ReactNode {
  const { t } = useText();
  return (
    <div className={css["state"]} role="alert">
      <IconX size={28} aria-hidden />
      <p className={css["stateTitle"]}>{t("state.forbidden")}</p>
      <p>{t("state.forbiddenHint")}</p>
      {children}
    </div>
  );
}

/** One line for a person; an error that is no refusal says nothing of its insides. */
export function messageOf(error: unknown, unreachable: string, unexpected: string): string {
  if (error instanceof ApiError) return error.problem.detail ?? error.message;
  if (error instanceof PastShown) return say("action.off.past");
  return error instanceof Unreachable ? unreachable : unexpected;
}
