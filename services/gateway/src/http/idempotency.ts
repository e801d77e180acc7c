import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { errorDefinition, type RouteDefinition } from "@docket/api-contract";
import { keptReplies } from "@docket/privacy";
import type { GatewayDeps } from "../deps.ts";
import { asRefusal } from "./problem-reply.ts";
import { Refusal, type RefusalOptions } from "./refusal.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** SHA-256 of the body as it came; set for requests that carry an idempotency key */
    bodyHash: Buffer | null;
  }
}

export const idempotencyHeader = "idempotency-key";

export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers[idempotencyHeader];
  if (key === undefined) return undefined;
  if (typeof key !== "string" || !/^[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?$/.test(key))
    throw new Refusal("idempotency_key_invalid");
  return key;
}

type ReplyParts = Pick<GatewayDeps, "db" | "privacy" | "whose">;

interface Keyed {
  readonly owner: string;
  readonly key: string;
  readonly route: RouteDefinition;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type Stored =
  | { readonly body: unknown; readonly headers: Record<string, string> }
  | { readonly refusal: { code: string; options: RefusalOptions } };

/** Refusals that the rules gave: answers. The others (not found yet, not allowed yet, away) may be different next time. */
const settling: ReadonlySet<number> = new Set([409, 412, 422]);

/** Headers of an answer that are part of what it says. */
const keptHeaders = ["etag", "docket-position", "location"];

/**
 * Answers a request that carries a key: with what was answered before, if anything was. What it makes bears ids that follow
 * from the key, so that a repetition whose first answer was lost (or is still under way) finds the first outcome in the
 * event store. That is why the record is written after the work: it spares a repetition the work, but safety does not
 * depend on it. Refusals by the rules are answers too; what may be otherwise the next time is not kept.
 */
export async function answerOnce(parts: ReplyParts, keyed: Keyed, work: () => Promise<unknown>): Promise<unknown> {
  const { owner, key, route, request, reply } = keyed;
  const hash = createHash("sha256")
    .update(`${request.method} ${request.url}\n`)
    .update(request.bodyHash ?? "")
    .digest();
  const { db } = parts;
  const earlier = await find(parts, owner, key);
  if (earlier !== undefined) return replay(earlier, hash, route, reply);

  const stored = await work().then(
    (body): Stored => ({ body, headers: kept(reply) }),
    (error: unknown): Stored => {
      const refusal = asRefusal(error);
      if (!settling.has(errorDefinition(refusal.code).status)) throw error;
      const { cause: _, ...options } = refusal.options;
      return { refusal: { code: refusal.code, options } };
    },
  );
  const status = "refusal" in stored ? errorDefinition(stored.refusal.code).status : route.status;
  const written = await db
    .insertInto("app.idempotency_keys")
    .values({ account_id: owner, key, body_hash: hash, status, sealed: await sealReply(parts, owner, key, stored) })
    .onConflict((conflict) => conflict.doNothing())
    .returning("key")
    .executeTakeFirst();
  if (written === undefined) {
    const other = await find(parts, owner, key);
    if (other !== undefined) return replay(other, hash, route, reply);
  }
  return give(stored, route, reply);
}

const contextOf = (owner: string, key: string): string => `docket reply ${owner} ${key}`;

async function sealReply({ privacy, whose }: ReplyParts, owner: string, key: string, stored: Stored): Promise<Buffer> {
  const subject = await whose.named(keptReplies);
  const sealed = await privacy.boxes.seal(
    [subject],
    contextOf(owner, key),
    Buffer.from(JSON.stringify(stored), "utf8"),
  );
  return Buffer.concat([Buffer.from(subject.replaceAll("-", ""), "hex"), sealed]);
}

interface Row {
  readonly body_hash: Buffer;
  readonly stored: Stored;
}

/** What was answered; nothing when it can no longer be opened: then the work is done again, and finds its own outcome. */
async function find({ db, privacy }: ReplyParts, owner: string, key: string): Promise<Row | undefined> {
  const row = await db
    .selectFrom("app.idempotency_keys")
    .select(["body_hash", "response", "sealed"])
    .where("account_id", "=", owner)
    .where("key", "=", key)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.sealed === null) return { body_hash: row.body_hash, stored: row.response as unknown as Stored };
  const hex = row.sealed.subarray(0, 16).toString("hex");
  const subject = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const opened = await privacy.boxes.open([subject], contextOf(owner, key), row.sealed.subarray(16));
  if (opened === undefined) return undefined;
  return { body_hash: row.body_hash, stored: JSON.parse(opened.toString("utf8")) as Stored };
}

function replay(row: Row, hash: Buffer, route: RouteDefinition, reply: FastifyReply): FastifyReply {
  if (!row.body_hash.equals(hash)) throw new Refusal("idempotency_key_reused");
  reply.header("idempotent-replayed", "true");
  return give(row.stored, route, reply);
}

function give(stored: Stored, route: RouteDefinition, reply: FastifyReply): FastifyReply {
  if ("refusal" in stored) throw new Refusal(stored.refusal.code, stored.refusal.options);
  return reply.status(route.status).headers(stored.headers).send(stored.body);
}

function kept(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = reply.getHeader(name);
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}
