import type { ErrorParams } from "@docket/api-contract";

export interface RefusalOptions {
  readonly field?: string | undefined;
  readonly errors?: readonly { field: string; code: string; params?: ErrorParams }[];
  readonly params?: ErrorParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An answer that is not what was asked for: a code of the catalogue and what fills its texts. Thrown by handlers. */
export class Refusal extends Error {
  readonly code: string;
  readonly options: RefusalOptions;

  constructor(code: string, options: RefusalOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Refusal";
    this.code = code;
    this.options = options;
  }
}
