import { fileURLToPath } from "node:url";
import { childNodeFactory, conformanceCases, type ConformanceHost, openHost, titleOf } from "@docket/test-kit";
import { afterAll, beforeAll, describe, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

/** Each numbered item of the protocol reference, with the official client against this node as a process of its own. */
describe("conformance of the embedded node", () => {
  let host: ConformanceHost;

  beforeAll(async () => {
    host = await openHost({ nodeFactory: childNodeFactory([process.execPath, main]) });
  });

  afterAll(async () => {
    await host.close();
  });

  for (const one of conformanceCases) {
    test(titleOf(one), { timeout: (one.timeoutMs ?? 30_000) + 15_000 }, async () => {
      const outcome = await host.run(one);
      if (outcome.kind === "failed") throw outcome.error;
      if (outcome.kind === "not-run") throw new Error(`not run: needs ${outcome.needs}`);
    });
  }
});
