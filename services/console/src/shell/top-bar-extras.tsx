import { Suspense } from "react";
import { idlePart } from "../ui/later-part.ts";

const LazyBell = idlePart(() => import("../desk/notify/bell.tsx").then(({ Bell }) => Bell));

function Notices(): React.ReactNode {
  return (
    <Suspense fallback={null}>
      <LazyBell />
    </Suspense>
  );
}

/** Small controls that areas put into the top bar. */
export const topBarExtras: readonly React.FunctionComponent[] = [Notices];
