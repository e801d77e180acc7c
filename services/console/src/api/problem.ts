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
