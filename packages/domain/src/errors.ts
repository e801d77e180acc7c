import type { ErrorCode } from "./texts/error-catalogue.ts";

/**
 * A refusal by the rules, as a value. `code` is stable (docs/errors.md lists all), `field` names the part of the command at
 * fault as a path ("data.priority"), `params` fill the texts.
 */
export interface DomainError {
  readonly code: string;
  readonly field?: string;
  readonly params?: Readonly<Record<string, string | number | boolean | null>>;
}

export type Decision<E> =
  { readonly ok: true; readonly events: readonly E[] } | { readonly ok: false; readonly error: DomainError };

export type Refusal = { readonly ok: false; readonly error: DomainError };

/** Refuses with a code; `field` is the path of the part at fault. */
export function refuse(code: ErrorCode, field?: string, params?: DomainError["params"]): Refusal {
  return {
    ok: false,
    error: { code, ...(field === undefined ? {} : { field }), ...(params === undefined ? {} : { params }) },
  };
}
