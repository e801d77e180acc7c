import { describe, expect, it } from "vitest";
import { people, serviceCentre } from "../test/service-centre.ts";
import { emptyDirectory, route, type RoutedTicket, type RoutingRule } from "./index.ts";

const { boss } = people;
const ticket: RoutedTicket = {
  type: "incident",
  priority: "high",
  product: "Континент",
  organizationId: "romashka",
  region: "Москва",
  subject: "Не работает VPN",
  description: "С утра",
};

function withRules(...rules: RoutingRule[]) {
  const desk = serviceCentre();
  desk.ok({ type: "PublishRoutingRules", data: { rules, fallbackGroupId: "l1" } }, { as: boss });
  return desk;
}
const rule = (ruleId: string, when: RoutingRule["when"], to: Partial<RoutingRule["to"]> = {}): RoutingRule => ({
  ruleId,
  when,
  to: { groupId: "net", pick: "nobody", skills: [], ...to },
});
const takes = (when: RoutingRule["when"], facts: Partial<RoutedTicket> = {}) =>
  route(withRules(rule("r", when)).directory, { ...ticket, ...facts })?.routedBy.ruleId === "r";

describe("rule 6: routing by type, priority, product, organization, region, text, skills and load", () => {
  it("needs every condition of a rule; no condition takes every ticket", () => {
    expect(takes({})).toBe(true);
    expect(
      takes({
        types: ["change", "incident"],
        priorities: ["high"],
        products: ["континент"],
        organizationIds: ["romashka"],
        regions: [" москва"],
        textContains: ["vpn"],
      }),
    ).toBe(true);
    expect(takes({ types: ["change"] })).toBe(false);
    expect(takes({ types: ["incident"], priorities: ["low"] })).toBe(false);
    expect(takes({ products: ["Соболь"] })).toBe(false);
    expect(takes({ products: ["Континент"] }, { product: null })).toBe(false);
    expect(takes({ organizationIds: ["lopuh"] })).toBe(false);
    expect(takes({ regions: ["Омск"] }, { region: null })).toBe(false);
    expect(takes({ textContains: ["почта", "утра"] })).toBe(true);
    expect(takes({ textContains: ["почта"] })).toBe(false);
    expect(takes({ types: [], textContains: [] })).toBe(true);
  });

  it("takes the first rule in order, and says which of which version, and why", () => {
    const desk = withRules(
      rule("a", { priorities: ["low"] }),
      rule("b", { textContains: ["VPN"], priorities: ["high"] }),
      rule("c", {}),
    );
    expect(route(desk.directory, ticket)).toEqual({
      groupId: "net",
      engineerId: null,
      routedBy: { rulesVersion: 2, ruleId: "b", because: 'priority=high, text="VPN"' },
    });
    expect(desk.directory.routing).toHaveLength(2);
  });

  it("falls back where no rule takes it, and is silent before there are rules", () => {
    expect(route(withRules(rule("a", { priorities: ["low"] })).directory, ticket)).toMatchObject({
      groupId: "l1",
      engineerId: null,
      routedBy: { ruleId: "fallback" },
    });
    expect(route(emptyDirectory, ticket)).toBeNull();
  });

  it("picks the least loaded of those with all the skills, by name where they are equal", () => {
    const pick = (skills: string[], load: Record<string, number> = {}) =>
      route(withRules(rule("a", {}, { pick: "least_loaded", skills })).directory, ticket, (id) => load[id] ?? 0);
    expect(pick([])).toMatchObject({
      engineerId: "ivan",
      routedBy: { because: "any ticket; least loaded (0) of 2 available" },
    });
    expect(pick([], { ivan: 1 })).toMatchObject({ engineerId: "petr" });
    expect(pick(["SOC"])).toMatchObject({ engineerId: "petr" });
    expect(pick(["soc", "dlp"])).toMatchObject({
      groupId: "net",
      engineerId: null,
      routedBy: { because: "any ticket; nobody available of 2" },
    });
  });

  it("rule 8: skips the unavailable and the inactive", () => {
    const desk = withRules(rule("a", {}, { pick: "least_loaded" }));
    desk.ok(
      { type: "ChangeStaffAvailability", data: { staffId: "ivan", available: false, reason: null } },
      { as: boss },
    );
    expect(route(desk.directory, ticket)).toMatchObject({ engineerId: "petr" });
    desk.ok({ type: "DeactivateStaff", data: { staffId: "petr", reason: null } }, { as: boss });
    expect(route(desk.directory, ticket)).toMatchObject({ engineerId: null });
  });
});
