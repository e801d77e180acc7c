import { Suspense, useMemo, useState } from "react";
import { laterPart } from "./later-part.ts";

const Tooltip = laterPart(() => import("./tooltip.ts").then(({ Tooltip }) => Tooltip));

interface Tip {
  /** what the element takes that the tip belongs to */
  readonly target: {
    onPointerEnter(event: React.PointerEvent<HTMLElement>): void;
    onPointerLeave(): void;
    onFocus(event: React.FocusEvent<HTMLElement>): void;
    onBlur(): void;
    onKeyDown(event: React.KeyboardEvent): void;
  };
  /** to be drawn beside it */
  readonly shown: React.ReactNode;
}

/**
 * A tooltip for what stands on the screen a hundred times: until the pointer or the focus comes it costs nothing but four listeners,
 * and only then the library's tooltip is made. Escape takes it away. Null: there is nothing to say.
 */
export function useTip(label: React.ReactNode | null): Tip {
  const [at, setAt] = useState<HTMLElement | null>(null);
  const target = useMemo(
    () => ({
      onPointerEnter: (event: React.PointerEvent<HTMLElement>) => setAt(event.currentTarget),
      onPointerLeave: () => setAt(null),
      onFocus: (event: React.FocusEvent<HTMLElement>) => setAt(event.currentTarget),
      onBlur: () => setAt(null),
      onKeyDown: ({ key }: React.KeyboardEvent) => (key === "Escape" ? setAt(null) : undefined),
    }),
    [],
  );
  return {
    target,
    shown:
      at === null || label === null ? null : (
        <Suspense fallback={null}>
          <Tooltip target={at} opened label={label} multiline maw={320} />
        </Suspense>
      ),
  };
}
