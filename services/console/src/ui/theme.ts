import { createTheme, Drawer, Modal, Tooltip } from "@mantine/core";

/** Quiet defaults; colours and sizes come from tokens.css. */
export const theme = createTheme({
  primaryColor: "indigo",
  defaultRadius: 4,
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    // Locking the page's scrolling writes a style element, which the policy forbids; the page does not scroll anyway.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, transitionProps: { duration: 140 }, centered: true } }),
    Drawer: Drawer.extend({ defaultProps: { lockScroll: false, transitionProps: { duration: 140 } } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 250, withArrow: true, events: { hover: true, focus: true, touch: true } },
    }),
  },
});
