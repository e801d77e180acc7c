import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { errorDefinition, problem, type ErrorParams } from "@docket/api-contract";
import { isRetryable } from "@docket/postgres";
import { errorCode } from "@docket/service-kit";
import { languageOf } from "./language.ts";
import { Refusal } from "./refusal.ts";

const retryAfterSeconds = 1;

/** Before its first start the projector has made no read model yet. */
const undefinedTable = "42P01";

/** What Fastify and its plugins throw, in our codes. */
const frameworkCodes: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
  FST_ERR_CTP_BODY_TOO_LARGE: "body_too_large",
  FST_ERR_CTP_EMPTY_JSON_BODY: "empty_body",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "bad_request",
  FST_REQ_FILE_TOO_LARGE: "attachment_too_large",
  FST_INVALID_MULTIPART_CONTENT_TYPE: "unsupported_media_type",
  FST_ERR_BAD_URL: "route_not_found",
};

/** Turns whatever was thrown into a refusal: the domain of this one place. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const code = errorCode(error, "");
  // the keys of personal data are part of what a fact needs to be kept and read
  if (code === "store_unavailable" || code === "vault_unavailable")
    return new Refusal("store_unavailable", { cause: error });
  if (isRetryable(error) || code === undefinedTable) return new Refusal("read_model_unavailable", { cause: error });
  const known = frameworkCodes[code];
  if (known !== undefined) return new Refusal(known, { params: limitOf(error), cause: error });
  const status = (error as Partial<FastifyError>).statusCode;
  if (status === 429) return new Refusal("rate_limited", { cause: error });
  if (status !== undefined && status >= 400 && status < 500) return new Refusal("bad_request", { cause: error });
  return new Refusal("internal", { cause: error });
}

function limitOf(error: unknown): ErrorParams {
  const limit = (error as { limit?: unknown }).limit;
  return typeof limit === "number" ? { limit } : {};
}

/** Answers a refusal as RFC 9457 in the caller's language; a fault of ours is logged under the request's id. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, options, cause } = asRefusal(error);
  const { status } = errorDefinition(code);
  if (status >= 500) request.log.error({ err: cause ?? error, code }, "request failed");
  const language = languageOf(request.headers["accept-language"]) ?? request.principal?.language ?? "ru";
  const params = { ...(code === "body_too_large" ? { limit: request.routeOptions.bodyLimit } : {}), ...options.params };
  if (status === 503 || status === 504) reply.header("retry-after", String(retryAfterSeconds));
  for (const [name, value] of Object.entries(options.headers ?? {})) reply.header(name, value);
  return reply
    .status(status)
    .header("content-type", "application/problem+json; charset=utf-8")
    .header("content-language", language)
    .header("cache-control", "no-store")
    .send(
      JSON.stringify(
        problem(code, {
          language,
          field: options.field,
          ...(options.errors === undefined ? {} : { errors: options.errors }),
          instance: `${request.url.split("?")[0]}#${request.id}`,
          params,
        }),
      ),
    );
}
