/** A fault that the user can do something about: a stable code, what happened, what to do. */
export class Fault extends Error {
  constructor(code, message, advice) {
    super(message);
    this.code = code;
    this.advice = advice;
  }
}

/** One line on standard error; standard output belongs to the verb. */
export function tell(line) {
  process.stderr.write(`docket: ${line}\n`);
}
