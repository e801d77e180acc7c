import { allEvents, personalFieldsOf } from "@docket/domain";
import { expect, it } from "vitest";
import { labelOf } from "./field-labels.ts";

it("every personal field has a name in both languages", () => {
  for (const type of allEvents.keys())
    for (const { path } of personalFieldsOf(type)) {
      const { ru, en } = labelOf(`/data/${path.join("/")}`);
      expect(ru, `${type} ${path.join("/")}`).toMatch(/[а-яё]/i);
      expect(en).not.toBe(ru);
    }
  expect(labelOf("/data/attachments/0/name")).toEqual({ ru: "Имя", en: "Name" });
});
