import { describe, expect, it } from "vitest";
import type { SendOptions } from "../../test/desk.ts";
import { on, people, registration, serviceCentre } from "../../test/service-centre.ts";
import { findGroup, findOrganization, findPerson, findStaff, personByEmail } from "../index.ts";

const as: SendOptions = {
  channel: "import",
  provenance: { source: "old", file: "f".repeat(64), row: 0, importedAt: "2024-06-03T06:00:00.000Z" },
};
const source = "old";
const person = (personId: string, emails: string[] = []) => ({ personId, name: personId, emails, phones: [] });

describe("people, groups and customers whom a history names", () => {
  it("come in inactive, once, and are taken on by hand", () => {
    const desk = serviceCentre();
    const organization = { organizationId: "oldies", name: "Oldies", language: "en", zone: "UTC", source } as const;
    desk.ok({ type: "ImportOrganization", data: organization }, as);
    expect(desk.ok({ type: "ImportOrganization", data: organization }, as)).toEqual([]);
    expect(findOrganization(desk.directory, "oldies")).toMatchObject({ active: false });
    desk.ok({ type: "ActivateOrganization", data: { organizationId: "oldies" } }, { as: people.boss });
    expect(findOrganization(desk.directory, "oldies")).toMatchObject({ active: true });

    const people2 = { organizationId: "oldies", people: [person("a", ["a@x.example"]), person("b")], source };
    desk.ok({ type: "ImportPeople", data: people2 }, as);
    expect(desk.ok({ type: "ImportPeople", data: people2 }, as)).toEqual([]);
    expect(findPerson(desk.directory, "a")).toMatchObject({ active: false, organizationId: "oldies" });
    desk.ok(
      { type: "ChangePerson", data: { organizationId: "oldies", person: person("a", ["a@x.example"]) } },
      { as: people.boss },
    );
    expect(findPerson(desk.directory, "a")).toMatchObject({ active: true });
  });

  it("never take an address away from whom it belongs to", () => {
    const desk = serviceCentre();
    const data = {
      organizationId: "romashka",
      people: [person("x", ["Anna@Romashka.example", "x@y.example"]), person("y", ["x@y.example"])],
      source,
    };
    desk.ok({ type: "ImportPeople", data }, as);
    expect(personByEmail(desk.directory, "anna@romashka.example")?.personId).toBe("anna");
    expect(findPerson(desk.directory, "x")?.emails).toEqual(["x@y.example"]);
    expect(findPerson(desk.directory, "y")?.emails).toEqual([]);
  });

  it("get no ticket by the routing rules while they are inactive", () => {
    const desk = serviceCentre();
    const member = {
      staffId: "old-s",
      name: "Old",
      email: "old-s@imported.invalid",
      role: "engineer" as const,
      skills: [],
      language: "ru" as const,
      source,
    };
    desk.ok({ type: "ImportStaff", data: member }, as);
    expect(desk.ok({ type: "ImportStaff", data: member }, as)).toEqual([]);
    expect(findStaff(desk.directory, "old-s")).toMatchObject({ active: false });
    const group = {
      groupId: "old-g",
      name: "Old",
      line: 2 as const,
      kind: "competence_centre" as const,
      memberIds: ["old-s", "nobody"],
      source,
    };
    desk.ok({ type: "ImportGroup", data: group }, as);
    expect(findGroup(desk.directory, "old-g")).toMatchObject({ active: false, memberIds: ["old-s"] });
    const rules = [{ ruleId: "all", when: {}, to: { groupId: "old-g", pick: "nobody" as const, skills: [] } }];
    desk.ok({ type: "PublishRoutingRules", data: { rules, fallbackGroupId: "net" } }, { as: people.boss });
    desk.ok(registration());
    desk.ok(on.classify());
    desk.ok(on.assign(null, null));
    expect(desk.facts.at(-1)?.data).toMatchObject({ groupId: "net", routedBy: { ruleId: "fallback" } });
  });

  it("are an import's to bring in, and nobody else's", () => {
    const desk = serviceCentre();
    const organization = { organizationId: "o", name: "O", language: "en", zone: "UTC", source } as const;
    expect(desk.refused({ type: "ImportOrganization", data: organization }, { as: people.boss })).toBe("not_permitted");
    expect(desk.refused({ type: "ImportOrganization", data: { ...organization, zone: "Mars/Base" } }, as)).toBe(
      "zone_unknown",
    );
    expect(
      desk.refused({ type: "ImportPeople", data: { organizationId: "nowhere", people: [person("q")], source } }, as),
    ).toBe("organization_unknown");
    const member = {
      staffId: "z",
      name: "Z",
      email: "ivan@sc.example",
      role: "engineer" as const,
      skills: [],
      language: "ru" as const,
      source,
    };
    expect(desk.refused({ type: "ImportStaff", data: member }, as)).toBe("email_taken");
  });
});
