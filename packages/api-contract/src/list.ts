import { z } from "zod";
import { instant, text } from "@docket/domain";
import type { ListField } from "./ticket-fields.ts";
import { anyInstant, flag, logPosition } from "./values.ts";

export const pageLimit = { usual: 50, most: 500 } as const;

const many = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).max(200)]);

/** Filters as they stand in an address: repeated or comma-separated values mean "any of them", `none` means "without one". */
function filterShape(fields: Readonly<Record<string, ListField>>): Record<string, z.ZodType> {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!field.filter) continue;
    if (field.kind === "instant") {
      shape[`${name}.from`] = anyInstant.optional();
      shape[`${name}.to`] = anyInstant.optional();
      shape[name] = z.enum(["none", "any"]).optional();
    } else if (field.kind === "flag") shape[name] = flag.optional();
    else shape[name] = many(text(300).min(1)).optional();
  }
  return shape;
}

const count = z.coerce.number().int();

/** The parameters that every list takes, beside its filters. */
export function listQuery(
  fields: Readonly<Record<string, ListField>>,
  extra: Record<string, z.ZodType> = {},
): z.ZodObject<z.ZodRawShape> {
  const sorts = Object.entries(fields).flatMap(([name, field]) => (field.sort ? [name, `-${name}`] : []));
  return z.strictObject({
    ...filterShape(fields),
    limit: count.min(1).max(pageLimit.most).default(pageLimit.usual),
    page: z.string().max(2000).optional(),
    sort: z.enum(sorts as [string, ...string[]]).optional(),
    count: flag.optional(),
    wait: logPosition.optional(),
    ...extra,
  });
}

export const searchText = text(200).min(1);
/** A past moment: facts recorded at or before `asOf`, and of them none behind the log position `atPosition`. */
export const asOfParam = { asOf: anyInstant.optional(), atPosition: logPosition.optional() } as const;
export const waitParam = { wait: logPosition.optional() } as const;
/** The moment that an answer about one thing is of; null: now. */
export const asOfReply = { asOf: instant.nullable() } as const;

/** One page of a list. `total` comes when asked for (`count=true`), and is capped: `totalCapped` says so. */
export function listReply<T extends z.ZodType>(item: T, name: string) {
  return z
    .strictObject({
      items: z.array(item),
      nextPage: z.string().nullable(),
      total: z.int().optional(),
      totalCapped: z.boolean().optional(),
      asOf: z.string().nullable(),
      position: logPosition,
    })
    .meta({ id: name });
}

/** What a list of a past moment may answer beside what any address may. */
export const pastErrors = ["page_token_invalid", "as_of_in_future", "position_in_future"] as const;
