import type { EvidenceCheck } from "@docket/api-contract";
import { expect, it } from "vitest";
import { checksOf } from "./checks.ts";

const good = {
  ok: true,
  refusals: [],
  key: { publicKey: "ab", given: false },
  checkpointKnown: true,
  streams: 2,
  tickets: 1,
  events: 9,
  signed: 9,
  attachments: { named: 0, enclosed: 0 },
  fields: { disclosed: 4, erased: 0 },
  checkpoint: null,
  exportedAt: "2026-01-01T00:00:00.000Z",
  scope: "ticket=SC-000001",
  signedBy: ["ab"],
  bytes: 1,
  sha256: "ab",
} as unknown as EvidenceCheck;
const outcomes = (check: object): Record<string, string> =>
  Object.fromEntries(checksOf({ ...good, ...check }).map(({ name, result }) => [name, result]));
const refused = (...codes: string[]) => ({ refusals: codes.map((code) => ({ code, text: code, params: {} })) });

it("what has no reason against it holds, unless there is nothing to hold it against", () => {
  expect(outcomes({})).toEqual({
    seal: "passed",
    form: "passed",
    signatures: "passed",
    chains: "passed",
    tree: "passed",
    page: "passed",
    disclosures: "passed",
    attachments: "nothing",
    ours: "passed",
  });
  expect(outcomes({ signed: 0, checkpointKnown: null })).toMatchObject({ tree: "nothing", ours: "nothing" });
  expect(outcomes({ checkpointKnown: false })).toMatchObject({ ours: "failed" });
});

it("each reason stands under its check, one of a code that is not known under the form; what could not be read passes nothing", () => {
  expect(outcomes(refused("evidence_altered", "chain_gap"))).toMatchObject({
    seal: "failed",
    chains: "failed",
    page: "passed",
  });
  expect(outcomes(refused("brand_new"))).toMatchObject({ form: "failed", seal: "passed" });
  const unread = {
    scope: null,
    exportedAt: null,
    signed: 0,
    fields: { disclosed: 0, erased: 0 },
    checkpointKnown: null,
  };
  expect(Object.values(outcomes({ ...unread, ...refused("format_unknown") }))).toEqual([
    "failed",
    ...Array.from({ length: 8 }, () => "nothing"),
  ]);
});
