import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tidyMemoryWhenQuiet } from "./tidy-memory.ts";

describe("memory that a start leaves behind", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is given back once, at the first look that finds the process idle", () => {
    const collect = vi.fn();
    const worked = [0.9, 0.4, 0.02, 0.02];
    tidyMemoryWhenQuiet({
      collect: collect as never,
      signal: new AbortController().signal,
      worked: () => worked.shift() ?? 0,
      lookMs: 10,
    });
    vi.advanceTimersByTime(20);
    expect(collect).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(collect.mock.calls).toEqual([[{ type: "major", execution: "sync", flavor: "last-resort" }]]);
  });

  it("is left alone when the service stops, and where Node may not be asked", () => {
    const collect = vi.fn();
    const stopping = new AbortController();
    tidyMemoryWhenQuiet({ collect: collect as never, signal: stopping.signal, worked: () => 0, lookMs: 10 });
    stopping.abort();
    vi.advanceTimersByTime(100);
    expect(collect).not.toHaveBeenCalled();
    tidyMemoryWhenQuiet({ collect: undefined, signal: new AbortController().signal, worked: () => 0, lookMs: 10 });
    expect(vi.getTimerCount()).toBe(0);
  });
});
