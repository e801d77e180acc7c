import { z } from "zod";
import { describeError, type Language } from "@docket/domain";
import { errorDefinition } from "./catalogue.ts";
import { fillText, type ErrorParams } from "./definition.ts";
import { domainErrors } from "./domain-errors.ts";

export const fieldFault = z.strictObject({
  /** path within the body or query: `requester.email`, `attachments.0.name` */
  field: z.string(),
  code: z.string(),
  message: z.string(),
});
export type FieldFault = z.infer<typeof fieldFault>;

/** RFC 9457. Beside the members of the RFC: the stable `code`, the first faulty `field`, and all `errors`. */
export const problemDocument = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    field: z.string().optional(),
    errors: z.array(fieldFault).optional(),
    instance: z.string().optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof problemDocument>;

export interface ProblemOptions {
  readonly language: Language;
  readonly detail?: string | undefined;
  readonly field?: string | undefined;
  readonly errors?: readonly { field: string; code: string; params?: ErrorParams }[] | undefined;
  readonly instance?: string | undefined;
  /** fill the texts and travel as further members of the document */
  readonly params?: ErrorParams | undefined;
}

/** What a code says to a person; the domain words its own, with its glossary for statuses, roles and the like. */
export function errorText(code: string, language: Language, params: ErrorParams = {}): string {
  return code in domainErrors
    ? describeError({ code, params: params as never }, language)
    : fillText(errorDefinition(code).title, language, params);
}

/** The problem document of a code in the caller's language. An unlisted code becomes `internal`. */
export function problem(code: string, options: ProblemOptions): Problem {
  const definition = errorDefinition(code);
  const known = definition === errorDefinition("internal") ? "internal" : code;
  const { language, params = {} } = options;
  const errors = options.errors?.map((fault) => ({
    field: fault.field,
    code: fault.code,
    message: errorText(fault.code, language, fault.params),
  }));
  const field = options.field ?? errors?.[0]?.field;
  return {
    ...params,
    type: `urn:docket:error:${known}`,
    title: errorText(known, language, params),
    status: definition.status,
    code: known,
    ...(options.detail === undefined ? {} : { detail: options.detail }),
    ...(field === undefined ? {} : { field }),
    ...(errors === undefined ? {} : { errors }),
    ...(options.instance === undefined ? {} : { instance: options.instance }),
  };
}
