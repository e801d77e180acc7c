/** A script for a page: what it does "a moment later" comes `ms` milliseconds later, as on a machine that is busy. */
export const lateTimers = (ms: number): string => `{
  const { setTimeout } = window;
  window.setTimeout = (work, wait, ...rest) => setTimeout(work, Math.max(wait ?? 0, ${ms}), ...rest);
}`;
