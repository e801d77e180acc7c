import { anyInstant, directoryCommandBodies, kebab } from "@docket/api-contract";
import { directoryCommands, permissions } from "@docket/domain";

/** A field of a form, as the schema of its command has it. */
export interface FormField {
  readonly name: string;
  /** `parts`: fields of its own; `whole`: too much for a field, it has an editor of its own */
  readonly kind:
    "text" | "long" | "choice" | "flag" | "day" | "instant" | "number" | "list" | "choices" | "parts" | "whole";
  /** null is no answer */
  readonly required: boolean;
  readonly max?: number;
  readonly options?: readonly (string | number)[];
  readonly parts?: readonly FormField[];
}

export interface CommandForm {
  readonly type: string;
  readonly roles: readonly string[];
  readonly fields: readonly FormField[];
}

/** What is read of a schema; zod's own classes stay out of the console's types. */
interface Schema {
  readonly def: {
    readonly type: string;
    readonly format?: string;
    readonly innerType?: Schema;
    readonly element?: Schema;
    readonly shape?: Readonly<Record<string, Schema>>;
    readonly entries?: Readonly<Record<string, string>>;
    readonly options?: readonly Schema[];
    readonly values?: readonly (string | number)[];
  };
  readonly maxLength?: number | null;
}

/** Texts of this length and more are written in several lines. */
const longText = 1_000;

/** The form of every command on the directory, by the name that it has in its address. */
export function commandForms(): Readonly<Record<string, CommandForm>> {
  return Object.fromEntries(
    [...directoryCommandBodies].map(([key, body]) => {
      const { type } = directoryCommands[key];
      const shape = (body as unknown as Schema).def.shape ?? {};
      // when it happened is the clerk's to say where he enters it late; the screens enter what happens now
      const fields = Object.entries(shape).flatMap(([name, schema]) =>
        name === "occurredAt" ? [] : [fieldOf(name, schema)],
      );
      return [kebab(key), { type, roles: permissions[type].filter((role) => role !== "system"), fields }];
    }),
  );
}

function fieldOf(name: string, schema: Schema, required = true): FormField {
  const { def } = schema;
  if ((schema as unknown) === anyInstant) return { name, kind: "instant", required };
  switch (def.type) {
    case "nullable":
    case "default":
    case "optional":
      return fieldOf(name, def.innerType as Schema, false);
    case "boolean":
      return { name, kind: "flag", required };
    case "number":
      return { name, kind: "number", required };
    case "enum":
      return { name, kind: "choice", required, options: Object.values(def.entries ?? {}) };
    case "union":
      return { name, kind: "choice", required, options: (def.options ?? []).flatMap((one) => one.def.values ?? []) };
    case "array":
      return listOf(name, def.element as Schema, required);
    case "object":
      return isPlain(schema)
        ? {
            name,
            kind: "parts",
            required,
            parts: Object.entries(def.shape ?? {}).map(([part, of]) => fieldOf(part, of)),
          }
        : { name, kind: "whole", required };
    default: {
      if (def.format === "date") return { name, kind: "day", required };
      const max = schema.maxLength ?? null;
      return {
        name,
        kind: max !== null && max >= longText ? "long" : "text",
        required,
        ...(max === null ? {} : { max }),
      };
    }
  }
}

function listOf(name: string, element: Schema, required: boolean): FormField {
  const one = fieldOf(name, element);
  if (one.kind === "choice") return { ...one, kind: "choices", required };
  return one.kind === "text" || one.kind === "long"
    ? { name, kind: "list", required }
    : { name, kind: "whole", required };
}

/** All of its parts are fields themselves. */
const isPlain = ({ def }: Schema): boolean =>
  Object.entries(def.shape ?? {}).every(([name, part]) => !["parts", "whole"].includes(fieldOf(name, part).kind));
