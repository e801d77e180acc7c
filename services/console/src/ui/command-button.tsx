import { Button, Tooltip, type ButtonProps } from "@mantine/core";
import { useEffect, useState } from "react";
import { useStandstill } from "../live/context.ts";
import { useText } from "../text/use-text.ts";
import { IconAlert, IconCheck } from "./icons.ts";
import { messageOf } from "./states.tsx";
import { stopAtUnread } from "./unread.ts";
import css from "./ui.module.css";

interface CommandButtonProps extends Omit<ButtonProps, "children"> {
  readonly children: React.ReactNode;
  /** sends the command; a rejection is shown in place */
  readonly run: () => Promise<unknown>;
  /** why it cannot be done, said on focus and hover */
  readonly off?: string | null | undefined;
  /** after it was carried out */
  readonly onDone?: () => void;
  /** what it began goes on and says itself when it is over: no mark that it is done */
  readonly begins?: boolean;
  /** what it does works on no live data (sign out, a preview) */
  readonly timeless?: boolean;
  readonly type?: "button" | "submit";
}

/**
 * A verb. States: *ready* -> *pending* until the gateway answers -> *done* (a quiet mark for two seconds) or *refused* (the
 * reason stays in place until the next try). *Off* while it cannot be done, a past moment is shown, or the connection is down.
 */
export function CommandButton({
  run,
  off,
  onDone,
  begins,
  timeless,
  children,
  ...rest
}: CommandButtonProps): React.ReactNode {
  const { t } = useText();
  const standstill = useStandstill();
  const [state, setState] = useState<"ready" | "pending" | "done">("ready");
  const [error, setError] = useState<unknown>(undefined);
  useEffect(() => {
    if (state !== "done") return undefined;
    const timer = setTimeout(() => setState("ready"), 2_000);
    return () => clearTimeout(timer);
  }, [state]);
  const why = off ?? (timeless === true || standstill === null ? undefined : t(`action.off.${standstill}`));
  const act = async (button: Element): Promise<void> => {
    if (why !== undefined || state === "pending" || stopAtUnread(button)) return;
    setState("pending");
    setError(undefined);
    try {
      await run();
      setState(begins === true ? "ready" : "done");
      onDone?.();
    } catch (refusal) {
      setError(refusal);
      setState("ready");
    }
  };
  return (
    <span>
      <Tooltip
        label={why}
        disabled={why === undefined}
        events={{ hover: true, focus: true, touch: true }}
        multiline
        maw={320}
      >
        {/* Not `disabled`: it must take the focus to say why. */}
        <Button
          size="xs"
          {...rest}
          {...(timeless === true ? {} : { "data-writes": true })}
          aria-disabled={why !== undefined}
          {...(why === undefined ? {} : { "data-disabled": true })}
          loading={state === "pending"}
          onClick={(event) => {
            event.preventDefault();
            void act(event.currentTarget);
          }}
        >
          {children}
        </Button>
      </Tooltip>
      {state === "done" ? (
        <span className={css["done"]} role="status">
          <IconCheck size={14} aria-hidden /> {t("action.done")}
        </span>
      ) : null}
      {error === undefined ? null : (
        <span className={css["refusal"]} role="alert">
          <IconAlert size={16} aria-hidden />
          {messageOf(error, t("state.unreachableHint"), t("state.unexpected"))}
        </span>
      )}
    </span>
  );
}
