import { describe, expect, it } from "vitest";
import { z } from "zod";
import { allEvents } from "../definitions.ts";
import { personalFields, personalFieldsOf, visitLeaves } from "./fields.ts";
import { ownerOfActor } from "./owner.ts";

type Shape = Readonly<Record<string, unknown>>;

/** The places of a schema where an open text may stand, with whether the schema calls it personal. */
function textsOf(schema: z.ZodType): Map<string, boolean> {
  const texts = new Map<string, boolean>();
  const root = z.toJSONSchema(schema, { unrepresentable: "any" }) as Shape;
  const visit = (shape: Shape, path: string): void => {
    for (const part of [...((shape["anyOf"] ?? []) as Shape[]), ...((shape["oneOf"] ?? []) as Shape[])])
      visit(part, path);
    const below = (name: string) => (path === "" ? name : `${path}/${name}`);
    for (const [name, inner] of Object.entries((shape["properties"] ?? {}) as Record<string, Shape>))
      visit(inner, below(name));
    if (typeof shape["items"] === "object") visit(shape["items"] as Shape, below("*"));
    if (typeof shape["additionalProperties"] === "object") visit(shape["additionalProperties"] as Shape, below("*"));
    if (shape["type"] === "string" && shape["enum"] === undefined && shape["const"] === undefined)
      texts.set(path, shape["personal"] === true);
    if (typeof shape["$ref"] === "string") throw new Error(`${path} is a reference`);
  };
  visit(root, "");
  return texts;
}

const covers = (pattern: string, path: string): boolean =>
  pattern.endsWith("/**") ? path.startsWith(pattern.slice(0, -2)) : pattern === path;

describe("the declaration of personal fields", () => {
  it.each([...allEvents.values()].map((definition) => [definition.type, definition] as const))(
    "says of every text of %s whose it is, or that it is nobody's",
    (type, { schema }) => {
      const declared = personalFields[type];
      expect(declared, `${type} is not declared`).toBeDefined();
      const { personal = {}, plain = [] } = declared ?? {};
      const texts = textsOf(schema);
      for (const path of texts.keys()) {
        const times = [...Object.keys(personal), ...plain].filter((pattern) => covers(pattern, path)).length;
        expect(times, `${type}: ${path} is declared ${times} times`).toBe(1);
      }
      for (const pattern of [...Object.keys(personal), ...plain])
        expect(
          [...texts.keys()].some((path) => covers(pattern, path)),
          `${type} has no ${pattern}`,
        ).toBe(true);
    },
  );

  it.each([...allEvents.values()].map((definition) => [definition.type, definition] as const))(
    "agrees with the mark on the schema of %s, from which the catalogue is made",
    (type, { schema }) => {
      const marked = [...textsOf(schema)].flatMap(([path, personal]) => (personal ? [path] : []));
      expect(Object.keys(personalFields[type]?.personal ?? {}).toSorted()).toEqual(marked.toSorted());
    },
  );

  it("names no event that is not there", () => {
    expect(Object.keys(personalFields).filter((type) => !allEvents.has(type))).toEqual([]);
  });
});

const ownersIn = (type: string, stream: string, data: Record<string, unknown>) => {
  const owners: Record<string, unknown> = {};
  for (const { path, rule } of personalFieldsOf(type))
    visitLeaves(data, path, ({ parent, pointer }) => {
      owners[pointer] = rule({ stream, data, parent });
    });
  return owners;
};

describe("whose a field is", () => {
  const requester = { personId: "anna", name: "Anna", email: "Anna@Lopuh.example ", phone: null };

  it("the requester's: by the directory's id, and his address is another name of his", () => {
    const owner = { name: "person:anna", known: ["mail:anna@lopuh.example"] };
    expect(
      ownersIn("TicketRegistered", "ticket-1", {
        requester,
        subject: "x",
        attachments: [{ name: "a" }, { name: "b" }],
      }),
    ).toEqual({
      "/requester/name": owner,
      "/requester/email": owner,
      "/subject": owner,
      "/attachments/0/name": owner,
      "/attachments/1/name": owner,
    });
  });

  it("of somebody unknown: by address, then by telephone, then by what he sent alone", () => {
    const about = (claims: object, mail: object | null = null) =>
      ownersIn("ContactReceived", "contact-1", { subject: "x", claims, mail })["/subject"];
    expect(about({ email: "b@x.example" }, { from: "A@x.example" })).toEqual({ name: "mail:a@x.example", known: [] });
    expect(about({ email: "b@x.example", phone: "8 495 123-45-67" })).toEqual({ name: "mail:b@x.example", known: [] });
    expect(about({ phone: "8 495 123-45-67" })).toEqual({ name: "phone:74951234567", known: [] });
    expect(about({ phone: "12" })).toEqual({ name: "stream:contact-1", known: [] });
  });

  it("what is said in a ticket: the requester's, whoever says it; a name of staff: his own", () => {
    expect(ownersIn("TicketAssigned", "ticket-1", { engineerId: "ivan", engineerName: "Ivan", reason: "r" })).toEqual({
      "/engineerName": { name: "staff:ivan", known: [] },
      "/reason": { ofStream: "ticket-1" },
    });
    expect(ownersIn("TicketRated", "survey-1", { ticketId: "1", comment: "c" })).toEqual({
      "/comment": { ofStream: "ticket-1" },
    });
  });

  it("an actor's name: a person's or staff's, a machine's is nobody's", () => {
    expect(ownerOfActor({ id: "anna", role: "requester" })).toEqual({ name: "person:anna", known: [] });
    expect(ownerOfActor({ id: "ivan", role: "engineer" })).toEqual({ name: "staff:ivan", known: [] });
    expect(ownerOfActor({ id: "probe", role: "machine" })).toBeUndefined();
  });
});
