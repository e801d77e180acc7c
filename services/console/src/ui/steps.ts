import { startTransition, useEffect, useState } from "react";

/**
 * Draws a heavy screen in steps, each after the one before has been painted, and each interrupted by what somebody does meanwhile.
 * Gives how many of them may stand by now: 0 while it is not ready.
 */
export function useSteps(isReady: boolean, steps: number): number {
  const [step, setStep] = useState(0);
  const wanted = isReady ? Math.min(step + 1, steps) : 0;
  useEffect(() => {
    if (step !== wanted) startTransition(() => setStep(wanted));
  }, [step, wanted]);
  return isReady ? step : 0;
}
