import type { Problem } from "@docket/api-contract";

/** A refusal of the gateway: `code` is stable, `message` is in the reader's language. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.title);
    this.status = status;
    this.code = problem.code;
    this.problem = problem;
  }

  /** Message per faulty field of the body, by its path. */
  get fields(): ReadonlyMap<string, string> {
    return new Map((this.problem.errors ?? []).map(({ field, message }) => [field, message]));
  }
}

/**
 * Message per field of a form that shows these fields; what is wrong with none of them has to be said elsewhere. A rule that looks at
 * one field names it alone, a form that was checked whole names all of them. `within` is where in the body the form stands (`body.`).
 */
export function faultsAmong(error: unknown, names: readonly string[], within = ""): ReadonlyMap<string, string> {
  if (!(error instanceof ApiError)) return new Map();
  const { field } = error.problem;
  const told =
    error.fields.size > 0 || typeof field !== "string" ? [...error.fields] : [[field, error.message] as const];
  const said = new Map(told);
  return new Map(
    names.flatMap((name) => (said.has(within + name) ? [[name, said.get(within + name) ?? ""] as const] : [])),
  );
}

/** The gateway could not be reached at all: nothing is known about what was asked. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** Nothing was sent: a past moment is shown, and what one sees is not what it would be done to. */
export class PastShown extends Error {
  override readonly name = "PastShown";
}

export const isRefusal = (error: unknown, code: string): error is ApiError =>
  error instanceof ApiError && error.code === code;
