import type { FastifyRequest } from "fastify";
import { Refusal } from "../http/refusal.ts";

/** The revision that the sender has seen, from If-Match; undefined when he does not say or does not care (`*`). */
export function seenRevision(request: FastifyRequest): number | undefined {
  const header = request.headers["if-match"];
  if (header === undefined || header === "*") return undefined;
  const revision = /^(?:W\/)?"(\d{1,9})"$/.exec(header)?.[1];
  if (revision === undefined) throw new Refusal("if_match_invalid");
  return Number(revision);
}
