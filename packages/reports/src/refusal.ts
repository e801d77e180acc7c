/** A question that cannot be answered: a code of the error catalogue, the parameter at fault, and what fills the text. */
export class ReportRefusal extends Error {
  readonly code: string;
  readonly field: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;

  constructor(code: string, field?: string, params: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.name = "ReportRefusal";
    this.code = code;
    this.field = field;
    this.params = params;
  }
}
