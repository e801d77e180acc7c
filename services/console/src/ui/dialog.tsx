import { Modal, type ModalProps } from "@mantine/core";
import { useLayoutEffect, useRef } from "react";
import { useText } from "../text/use-text.ts";

/**
 * A dialog over the page. Its first field (`data-autofocus`) has the focus as soon as it stands, so that what is typed right after
 * the key that opened it goes there; the library's own trap would take the focus a moment later, and once more after that. What lies
 * below cannot be reached meanwhile, and has the focus back afterwards.
 */
export function Dialog({ children, ...rest }: Omit<ModalProps, "opened">): React.ReactNode {
  const { t } = useText();
  return (
    <Modal
      opened
      trapFocus={false}
      returnFocus={false}
      closeButtonProps={{ "aria-label": t("action.close") }}
      {...rest}
    >
      {children}
      <Focus />
    </Modal>
  );
}

let open = 0;

function Focus(): React.ReactNode {
  const mark = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const dialog = mark.current?.closest<HTMLElement>("[role=dialog]");
    const below = document.getElementById("root");
    open += 1;
    if (below !== null) below.inert = true;
    (dialog?.querySelector<HTMLElement>("[data-autofocus]") ?? dialog?.querySelector("button"))?.focus({
      preventScroll: true,
    });
    return () => {
      open -= 1;
      if (below !== null) below.inert = open > 0;
      origin(before)?.focus({ preventScroll: true });
    };
  }, []);
  return <span ref={mark} hidden />;
}

/** Where the focus goes back to: what had it, or the button of the menu that is gone by now. */
function origin(before: Element | null): HTMLElement | null {
  if (!(before instanceof HTMLElement)) return null;
  const menu = before.closest("[role=menu]")?.id;
  if (menu !== undefined && menu !== "") return document.querySelector(`[aria-controls="${CSS.escape(menu)}"]`);
  return before.isConnected ? before : null;
}
