import { expect, it } from "vitest";
import { chainReason } from "./chain-reason.ts";

it.each([
  ["resolution", "80%", "Время решения: использовано 80 % срока", "Resolution time: 80% of the time is used"],
  ["resolution", "100%", "Время решения: срок истёк (", "the deadline has passed"],
  ["reaction", "+1h30m", "срок истёк 1 ч 30 мин назад", "the deadline passed 1 h 30 min ago"],
  ["ola", "-30m", "до срока осталось 30 мин", "30 min are left"],
] as const)("the policy's step for %s at %s says in both languages why", (clock, at, ru, en) => {
  const reason = chainReason({ clock, at, level: 2 });
  expect(reason).toContain(ru);
  expect(reason).toContain(en);
  expect(reason).toContain("шаг 2");
});
