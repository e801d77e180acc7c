import { describe, expect, it } from "vitest";
import { commandForms, type FormField } from "../../../build/command-forms.ts";
import { blankOf, bodyOf, idFrom, missingOf, moved, valuesOf } from "./values.ts";

const forms = commandForms();
const offered = Object.entries(forms).filter(([, { roles }]) => roles.length > 0);

describe("forms from the commands' schemas", () => {
  it("know every field of every command that people send; only what has an editor of its own is left whole", () => {
    expect(offered.length).toBeGreaterThan(20);
    const whole = offered.flatMap(([, { fields }]) => fields.filter(({ kind }) => kind === "whole"));
    expect([...new Set(whole.map(({ name }) => name))].toSorted()).toEqual(["calendar", "policy", "rules"]);
    const field = (command: string, name: string): FormField | undefined =>
      forms[command]?.fields.find((one) => one.name === name);
    expect(field("sign-contract", "validTo")).toMatchObject({ kind: "day", required: false });
    expect(field("sign-contract", "policyEffectiveFrom")).toMatchObject({ kind: "instant", required: true });
    expect(field("create-group", "line")).toMatchObject({ kind: "choice", options: [1, 2, 3] });
    expect(field("terminate-contract", "reason")).toMatchObject({ kind: "long", required: false });
    expect(field("add-person", "person")?.parts?.map(({ name }) => name)).toEqual([
      "personId",
      "name",
      "emails",
      "phones",
    ]);
    expect(field("change-staff", "occurredAt")).toBeUndefined();
  });

  it("are sent as the schema wants them: trimmed, null where nothing is said", () => {
    const fields = forms["register-organization"]?.fields ?? [];
    const values = { ...blankOf(fields), organizationId: "romashka", name: " Ромашка ", zone: "Europe/Moscow" };
    expect(bodyOf(fields, values)).toEqual({
      organizationId: "romashka",
      name: "Ромашка",
      aliases: [],
      language: "ru",
      zone: "Europe/Moscow",
      region: null,
    });
    expect(missingOf(fields, blankOf(fields), [])).toEqual(["organizationId", "name", "zone"]);
    expect(missingOf(fields, blankOf(fields), ["organizationId"])).toEqual(["name", "zone"]);
  });

  it("begin with an entry's own state, of which nothing else is sent", () => {
    const fields = forms["change-contract-terms"]?.fields ?? [];
    const values = valuesOf(fields, {
      contractId: "c-1",
      number: "7",
      validTo: null,
      services: { monitoring: true, managerContact: false, managerEscalation: false },
      policies: [],
    });
    expect(values).toEqual({
      contractId: "c-1",
      validTo: "",
      services: { monitoring: true, managerContact: false, managerEscalation: false },
    });
  });
});

it("an identifier reads like its name", () => {
  expect(idFrom("ООО «Ромашка»")).toBe("ooo-romashka");
  expect(idFrom("Щёлково, объезд 2")).toBe("schelkovo-obezd-2");
  expect(idFrom("  Café & Söhne ")).toBe("cafe-sohne");
});

it("an entry of a list moves, and no further than its ends", () => {
  expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b", "c"], 0, -1)).toEqual(["a", "b", "c"]);
  expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "b", "c"]);
});
