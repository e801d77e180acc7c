import { describe, expect, it } from "vitest";
import { backoffMs, retry } from "./retry.ts";

describe("backoff", () => {
  it("grows, stays under its bound and is never less than half of it", () => {
    const options = { firstMs: 100, maxMs: 1_000 };
    expect([1, 2, 3, 4, 5, 60].map((attempt) => backoffMs(attempt, options, () => 1))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
    expect(backoffMs(4, options, () => 0)).toBe(400);
  });
});

describe("retry", () => {
  it("tries again until it succeeds", async () => {
    const seen: number[] = [];
    const answer = await retry(
      async (attempt) => {
        seen.push(attempt);
        if (attempt < 3) throw new Error("not yet");
        return "done";
      },
      { firstMs: 1 },
    );
    expect(answer).toBe("done");
    expect(seen).toEqual([1, 2, 3]);
  });

  it("gives the last error when the tries are used up, at once when no try can help", async () => {
    let tries = 0;
    const fail = async (): Promise<never> => {
      throw new Error(`no ${++tries}`);
    };
    await expect(retry(fail, { attempts: 3, firstMs: 1 })).rejects.toThrow("no 3");
    await expect(retry(fail, { retryable: () => false })).rejects.toThrow("no 4");
  });

  it("stops waiting when told to", async () => {
    const abort = new AbortController();
    const trying = retry(() => Promise.reject(new Error("away")), {
      attempts: Infinity,
      firstMs: 3_600_000,
      maxMs: 3_600_000,
      signal: abort.signal,
      onRetry: () => abort.abort(new Error("told to stop")),
    });
    await expect(trying).rejects.toThrow("told to stop");
  });

  it("refuses to be endless without a way to stop it", async () => {
    await expect(retry(() => Promise.resolve(), { attempts: Infinity })).rejects.toThrow(RangeError);
  });
});
