import { expect, it } from "vitest";
import { ApiError, faultsAmong, Unreachable } from "./problem.ts";

const refused = (more: object): ApiError =>
  new ApiError(422, { type: "about:blank", title: "Missing", status: 422, code: "required", instance: "/", ...more });

it("a refusal stands at its field, whether the gateway names one or all, and only at fields that are shown", () => {
  expect([...faultsAmong(refused({ field: "by" }), ["by", "reason"])]).toEqual([["by", "Missing"]]);
  const all = [
    { field: "reason", code: "required", message: "Say why" },
    { field: "agreedAt", code: "required", message: "Say when" },
  ];
  expect([...faultsAmong(refused({ field: "reason", errors: all }), ["by", "reason"])]).toEqual([
    ["reason", "Say why"],
  ]);
  expect([...faultsAmong(refused({ field: "body.by" }), ["by"], "body.")]).toEqual([["by", "Missing"]]);
  expect(faultsAmong(refused({ field: "by" }), ["by"], "body.").size).toBe(0);
  expect(faultsAmong(refused({ field: "hidden" }), ["by"]).size).toBe(0);
  expect(faultsAmong(refused({}), ["by"]).size).toBe(0);
  expect(faultsAmong(new Unreachable("gone"), ["by"]).size).toBe(0);
});
