import type { z } from "zod";
import type { Texts } from "./errors/definition.ts";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** Who may come to an address at all; what he may see or do there is the policy's business. */
export type Access = "public" | "signed-in";

/** One address of the HTTP interface: everything that the gateway checks and that the description prints. */
export interface RouteDefinition<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  readonly id: string;
  readonly method: Method;
  /** OpenAPI's form: `/api/v1/tickets/{ticket}` */
  readonly path: string;
  readonly tag: string;
  readonly summary: Texts;
  readonly access: Access;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** null: no body (204), or bytes when `replyMedia` is given */
  readonly reply: Reply | null;
  readonly replyMedia?: string;
  readonly status: number;
  /** largest body in bytes, when other than the usual */
  readonly bodyLimit?: number;
  /** takes bytes instead of JSON; a list names the files of a form that are all wanted */
  readonly upload?: boolean | readonly string[];
  /** codes worth naming in the description, beside those that any address may answer */
  readonly errors: readonly string[];
}

export function defineRoute<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Reply extends z.ZodType = z.ZodUndefined,
>(
  route: Omit<RouteDefinition<Params, Query, Body, Reply>, "status" | "access" | "errors"> &
    Partial<Pick<RouteDefinition, "status" | "access" | "errors">>,
): RouteDefinition<Params, Query, Body, Reply> {
  return { status: 200, access: "signed-in", errors: [], ...route };
}
