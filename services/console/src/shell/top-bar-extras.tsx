import { lazy, Suspense } from "react";

const LazyBell = lazy(() => import("../desk/notify/bell.tsx").then(({ Bell }) => ({ default: Bell })));

function Notices(): React.ReactNode {
  return (
    <Suspense fallback={null}>
      <LazyBell />
    </Suspense>
  );
}

/** Small controls that areas put into the top bar. */
export const topBarExtras: readonly React.FunctionComponent[] = [Notices];
