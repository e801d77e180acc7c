import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

/** Rows that are drawn beyond those in sight, so that a small step of the wheel finds them there. */
const beyond = 6;
/** Until a list has been measured it is taken to be as high as the last one was, or nearly as the window. */
let lastHeight = 0;

interface RowsInSight {
  /** the first row to draw, and the one after the last */
  readonly from: number;
  readonly to: number;
  /** the box as it was last seen to stand; looking at the element itself would make the browser lay everything out at once */
  readonly box: { readonly current: { readonly top: number; readonly height: number } };
  toTop(): void;
}

/**
 * Which rows of a list of equal heights are in sight. A list of fifty thousand that changes its length ten times a second must cost
 * nothing for those that are not: there is no table of rows behind it, and a new height of all needs no second drawing.
 */
export function useRowsInSight(
  body: { readonly current: HTMLElement | null },
  count: number,
  rowHeight: number,
): RowsInSight {
  const box = useRef({ top: 0, height: lastHeight === 0 ? window.innerHeight * 0.8 : lastHeight });
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(box.current.height);
  const rowsHeight = useRef(rowHeight);
  useLayoutEffect(() => {
    rowsHeight.current = rowHeight;
  });
  useEffect(() => {
    const element = body.current;
    if (element === null) return undefined;
    const rowOf = (at: number): number => Math.floor(at / rowsHeight.current);
    const onScroll = (): void => {
      const now = element.scrollTop;
      box.current.top = now;
      // At once: what is drawn a frame later is seen as a gap.
      flushSync(() => setTop((before) => (rowOf(before) === rowOf(now) ? before : now)));
    };
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined || entry.contentRect.height === 0) return;
      lastHeight = entry.contentRect.height;
      box.current.height = lastHeight;
      setHeight(lastHeight);
    });
    observer.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, [body]);
  const toTop = useCallback(() => {
    if (box.current.top === 0 || body.current === null) return;
    body.current.scrollTop = 0;
    box.current.top = 0;
    setTop(0);
  }, [body]);
  const inSight = Math.ceil(height / rowHeight) + 1;
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight), count - inSight));
  return { from: Math.max(0, first - beyond), to: Math.min(count, first + inSight + beyond), box, toTop };
}
