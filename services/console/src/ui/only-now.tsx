import { Button, type ButtonProps } from "@mantine/core";
import { useMoment } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { IconAlert } from "./icons.ts";
import { useTip } from "./tip.tsx";
import css from "./ui.module.css";

/*
 * Whatever can begin a change bears `data-writes`: the command button, and what stands here. Of a past moment all of them are off and
 * say why; a scene looks for any that is not.
 */

/** Why nothing may be begun: a past moment is shown. Undefined when one may. */
export function usePast(): string | undefined {
  const { t } = useText();
  const { live } = useMoment();
  return live ? undefined : t("action.off.past");
}

/** A form, or a part of a screen, for a change: of a past moment every field and button in it is off, and the reason stands above. */
export function OnlyNow({ children }: { readonly children: React.ReactNode }): React.ReactNode {
  const why = usePast();
  return (
    <>
      {why === undefined ? null : (
        <p className={css["stale"]} role="note" tabIndex={0}>
          <IconAlert size={15} aria-hidden />
          <span>{why}</span>
        </p>
      )}
      <fieldset className={css["onlyNow"]} role="presentation" disabled={why !== undefined} data-writes>
        {children}
      </fieldset>
    </>
  );
}

interface BeginProps extends Omit<ButtonProps, "children"> {
  readonly children: React.ReactNode;
  /** why it cannot be begun; of a past moment it cannot anyway */
  readonly off?: string | undefined;
  readonly onClick?: () => void;
}

/** A button that begins a change: it leads to a form, or opens one. */
export function BeginButton({ children, off, onClick, ...rest }: BeginProps): React.ReactNode {
  const past = usePast();
  const why = off ?? past;
  const tip = useTip(why ?? null);
  return (
    <>
      {/* Not `disabled`: it must take the focus to say why. */}
      <Button
        size="xs"
        {...rest}
        {...tip.target}
        data-writes
        aria-disabled={why !== undefined}
        {...(why === undefined ? {} : { "data-disabled": true })}
        onClick={() => (why === undefined ? onClick?.() : undefined)}
      >
        {children}
      </Button>
      {tip.shown}
    </>
  );
}

interface OffLinkProps {
  readonly children: React.ReactNode;
  readonly className: string | undefined;
  readonly why: string;
}

/** Stands where a link to a form stands when one may begin it. */
export function OffLink({ children, className, why }: OffLinkProps): React.ReactNode {
  const tip = useTip(why);
  return (
    <>
      <span
        {...tip.target}
        className={`${className ?? ""} ${css["off"]}`}
        role="link"
        tabIndex={0}
        aria-disabled
        data-writes
        data-off
      >
        {children}
      </span>
      {tip.shown}
    </>
  );
}
