import { createTheme } from "@mantine/core";

/** Quiet defaults; colours and sizes come from tokens.css. */
export const theme = createTheme({
  primaryColor: "indigo",
  defaultRadius: 4,
  respectReducedMotion: true,
  cursorType: "pointer",
  // By name and not by the component itself: a dialog, say, should load when the first one opens.
  components: {
    // Locking the page's scrolling writes a style element, which the policy forbids; the page does not scroll anyway.
    Modal: { defaultProps: { lockScroll: false, transitionProps: { duration: 140 }, centered: true } },
    Drawer: { defaultProps: { lockScroll: false, transitionProps: { duration: 140 } } },
    // Its own colour for the words under the heading is too pale to be read.
    Notification: { classNames: { description: "notice" } },
    // Holding a menu to the side on which it opened chains each opening to the one before, with all its elements: they would never be
    // given back.
    Popover: { defaultProps: { preventPositionChangeWhenVisible: false } },
    Tooltip: {
      defaultProps: { openDelay: 250, withArrow: true, events: { hover: true, focus: true, touch: true } },
    },
  },
});
