import { useEffect } from "react";

const scheme = "mantineColorScheme";

/** Paper is white whatever the screen is: while it is printed the light colours hold, charts included. */
export function usePaper(): void {
  useEffect(() => {
    const { dataset } = document.documentElement;
    let before: string | undefined;
    const light = (): void => {
      before = dataset[scheme];
      dataset[scheme] = "light";
    };
    const back = (): void => {
      if (before !== undefined) dataset[scheme] = before;
    };
    // Captured, so that the charts, which listen too, are drawn in these colours.
    window.addEventListener("beforeprint", light, { capture: true });
    window.addEventListener("afterprint", back, { capture: true });
    return () => {
      window.removeEventListener("beforeprint", light, { capture: true });
      window.removeEventListener("afterprint", back, { capture: true });
    };
  }, []);
}
