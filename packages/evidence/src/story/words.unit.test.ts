import { expect, it } from "vitest";
import { valueText } from "./words.ts";

const time = (instant: string): string => instant.slice(11, 16);
const reason =
  "Время решения: срок истёк (шаг 2 политики SLA) · Resolution time: the deadline has passed (step 2 of the SLA policy)";

it("tells escalations in the reader's words, the last one first", () => {
  const value = [
    { escalationId: "b627eccc-ac38-4590-94aa-64fc39b986d0", by: "policy", reason, state: "studied" },
    { escalationId: "0fdd67a4-3a1b-8db0-a604-3a70e30018e9", by: "customer", reason: "Ждём · неделю", state: "open" },
  ];
  expect(valueText("escalations", value, "ru", time)).toBe(
    "На контроле, Заказчик, Ждём · неделю; Причина изучена, Политика SLA, Время решения: срок истёк (шаг 2 политики SLA)",
  );
  expect(valueText("escalations", value.slice(0, 1), "en", time)).toBe(
    "Cause studied, SLA policy, Resolution time: the deadline has passed (step 2 of the SLA policy)",
  );
});

it("tells a proposal by its state, and nothing of what it does not need", () => {
  const value = {
    proposalId: "20895091-06df-44a1-b316-d174a06433f3",
    kind: "configuration",
    scope: "Обновить шлюз",
    needsDowntime: false,
    product: null,
    state: "proposed",
  };
  expect(valueText("proposal", value, "ru", time)).toBe("На согласовании, Изменение конфигурации, Обновить шлюз");
});

it("names the rule that sent a ticket where it went", () => {
  const value = { because: "type=incident", ruleId: "incidents", rulesVersion: 3 };
  expect(valueText("routedBy", value, "ru", time)).toBe("incidents, версия 3");
});
