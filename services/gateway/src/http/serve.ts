import "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import type { z } from "zod";
import { derivedId } from "@docket/event-store";
import { parseInput, type RouteDefinition } from "@docket/api-contract";
import { authenticate, sessionCookieName } from "../auth/authenticate.ts";
import type { Principal } from "../auth/principal.ts";
import type { Sessions } from "../auth/sessions.ts";
import type { GatewayDeps } from "../deps.ts";
import { newId } from "../ids.ts";
import { askedFor, momentOf, type Moment } from "../query/moment.ts";
import type { Witness } from "../evidence/access.ts";
import type { ReadSide } from "../read-side.ts";
import { answerOnce, idempotencyKeyOf } from "./idempotency.ts";
import { refuseFaults } from "./faults.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** how many erasures of personal data were known when it came */
    era: number;
  }
}

/** One request after every check: the parsed input and who asks. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** who asks; on a public address only when he has proved himself (then `visitor` is null otherwise) */
  readonly caller: Principal;
  readonly visitor: Principal | null;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** An id for a thing that this request makes: the same for a repeated request with the same idempotency key. */
  idFor(what: string): string;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Answer<S> = S extends z.ZodType ? z.input<S> : undefined;

export interface ServeOptions {
  /** requests a minute from one address */
  readonly rateLimit?: number;
  /** credentials are not looked at: this is where one gets them */
  readonly anonymous?: boolean;
  /** the answer holds a secret and is not kept for a repetition */
  readonly secret?: boolean;
  /** erases personal data itself, and answers all the same */
  readonly erases?: boolean;
}

/** What every feature gets to put its addresses up. */
export interface Serving {
  readonly deps: GatewayDeps;
  readonly sessions: Sessions;
  readonly readSide: ReadSide;
  /** records who looks at what */
  readonly witness: Witness;
  readonly secure: boolean;
  /** The moment that a query asks about, told in the reply's headers too. Throws `as_of_in_future`, `position_in_future`. */
  moment(query: { readonly asOf?: unknown; readonly atPosition?: unknown }, reply: FastifyReply): Promise<Moment>;
  serve<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    app: FastifyInstance,
    route: RouteDefinition<P, Q, B, R>,
    options: ServeOptions,
    handler: (call: Call<Parsed<P>, Parsed<Q>, Parsed<B>>) => Promise<Answer<R> | FastifyReply | undefined>,
  ): void;
}

/** `/tickets/{ticket}` -> `/tickets/:ticket` */
const routerPath = (path: string): string => path.replace(/\{(\w+)\}/g, ":$1");

const largestBody = 8 * 1024 * 1024;

export function createServing(deps: GatewayDeps, sessions: Sessions, readSide: ReadSide, witness: Witness): Serving {
  const { vault } = deps.privacy;
  const secure = deps.settings.DOCKET_PUBLIC_URL.startsWith("https:");
  const cookieName = sessionCookieName(secure);

  const serve: Serving["serve"] = (app, route, options, handler) => {
    const reads = route.method === "GET";
    const idempotent = route.method === "POST" && !route.upload && !options.anonymous && !options.secret;

    const definition: RouteOptions = {
      method: route.method,
      url: routerPath(route.path),
      bodyLimit: route.bodyLimit ?? largestBody,
      ...(options.rateLimit === undefined
        ? {}
        : { config: { rateLimit: { max: options.rateLimit, timeWindow: 60_000 } } }),
      // before the body is read: nobody sends us megabytes without leave
      onRequest: async (request) => {
        request.era = vault.era();
        request.principal = options.anonymous ? null : await authenticate(request, sessions, route.access, cookieName);
      },
      handler: async (request, reply) => {
        const input = parse(route, request);
        const { principal } = request;
        const key = idempotent ? idempotencyKeyOf(request) : undefined;
        const owner = principal?.accountId ?? `public:${request.ip}`;
        const call = {
          ...input,
          caller: principal as Principal,
          visitor: principal,
          request,
          reply,
          idFor: (what: string) =>
            key === undefined ? newId(deps.clock.now()) : derivedId("request", owner, key, what),
        };
        if (principal !== null) await readSide.prepare(request, reads ? reply : undefined);
        const bytes = route.reply === null && route.method === "GET";
        await witness.taking(route, principal, request);
        // bytes are on their way when the handler is through
        if (bytes) await witness.reading(route, principal, request, null);
        const answer = async () => {
          const body = await handler(call as unknown as Parameters<typeof handler>[0]);
          if (!bytes && !reply.sent) await witness.reading(route, principal, request, ticketIdIn(body));
          return body;
        };
        const respond = async () => {
          if (key !== undefined) return answerOnce(deps, { owner, key, route, request, reply }, answer);
          const body = await answer();
          return reply.sent ? reply : finish(route, reply, body, deps.checkReplies === true);
        };
        // what was read of somebody before he was erased must not be written after it
        return reads || options.erases ? respond() : vault.since(request.era, respond);
      },
    };
    app.route(definition);
  };

  const moment: Serving["moment"] = async (query, reply) => {
    const found = await momentOf({ deps, readSide }, askedFor(query, deps.clock.now()));
    reply.header("docket-as-of-position", found.position);
    if (found.at !== null) reply.header("docket-as-of", found.at.toISOString());
    return found;
  };

  return { deps, sessions, readSide, witness, secure, moment, serve };
}

/** The ticket that an answer is about, where it is about one. */
function ticketIdIn(body: unknown): string | null {
  const { ticketId } = (body ?? {}) as { ticketId?: unknown };
  return typeof ticketId === "string" ? ticketId : null;
}

/** Sends a reply's body with the route's status; in tests the body is held against the contract first. */
export function finish(route: RouteDefinition, reply: FastifyReply, body: unknown, check: boolean): FastifyReply {
  if (check && route.reply !== null) {
    const parsed = route.reply.safeParse(body);
    if (!parsed.success) throw new Error(`the reply of ${route.id} breaks the contract: ${parsed.error.message}`);
  }
  reply.status(route.status);
  return reply.send(body);
}

function parse(route: RouteDefinition, request: FastifyRequest): { params: unknown; query: unknown; body: unknown } {
  return {
    params: part(route.params, request.params, undefined),
    query: part(route.query, request.query, undefined),
    body: part(route.body, request.body ?? {}, undefined),
  };
}

function part(schema: z.ZodType | undefined, value: unknown, absent: undefined): unknown {
  if (schema === undefined) return absent;
  const result = parseInput(schema, value);
  return result.ok ? result.value : refuseFaults(result.faults);
}
