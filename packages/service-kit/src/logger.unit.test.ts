import { expect, it } from "vitest";
import { createLogger } from "./logger.ts";

function captured(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = "";
  write(createLogger("test", { level: "info", destination: { write: (line) => void (text += line) } }));
  return text;
}

it("writes JSON lines with name, level and time", () => {
  const line = JSON.parse(captured((logger) => logger.info({ ticket: "SC-000123" }, "registered"))) as object;
  expect(line).toMatchObject({ level: "info", name: "test", ticket: "SC-000123", msg: "registered" });
  expect(line).toHaveProperty("time", expect.stringMatching(/^\d{4}-\d\d-\d\dT/u));
});

it.each([
  ["a field", (l: ReturnType<typeof createLogger>) => l.info({ password: "hunter2" })],
  ["a field at depth", (l: ReturnType<typeof createLogger>) => l.info({ a: { b: { c: { apiToken: "hunter2" } } } })],
  ["a number", (l: ReturnType<typeof createLogger>) => l.info({ token: 918273645 })],
  ["a list", (l: ReturnType<typeof createLogger>) => l.info({ headers: { "set-cookie": ["sid=hunter2", "b"] } })],
  ["a value with quotes", (l: ReturnType<typeof createLogger>) => l.info({ secret: 'x"hunter2\\' })],
  ["a child's binding", (l: ReturnType<typeof createLogger>) => l.child({ authorization: "hunter2" }).info("hello")],
  ["JSON in a text", (l: ReturnType<typeof createLogger>) => l.info(`sent ${JSON.stringify({ password: "hunter2" })}`)],
  [
    "JSON with quotes in a text",
    (l: ReturnType<typeof createLogger>) => l.info(JSON.stringify({ token: 'a"hunter2\\n"' })),
  ],
  ["a URL", (l: ReturnType<typeof createLogger>) => l.info("no answer of postgres://docket:hunter2@db:5432/docket")],
  ["an error", (l: ReturnType<typeof createLogger>) => l.error(new Error("at esdb://admin:hunter2@node:2113"))],
  ["a support key", (l: ReturnType<typeof createLogger>) => l.info({ supportKey: "hunter2" })],
])("keeps a secret out of the log: %s", (_where, write) => {
  const text = captured(write);
  expect(text).not.toMatch(/hunter2|918273645/u);
  expect(text).toContain("[redacted]");
  expect(() => JSON.parse(text) as unknown).not.toThrow();
});

it("leaves everything else as it is", () => {
  const text = captured((logger) => logger.info({ tokens: 3, url: "http://localhost:8080/a@b" }, "tokenised"));
  expect(JSON.parse(text)).toMatchObject({ tokens: 3, url: "http://localhost:8080/a@b", msg: "tokenised" });
});
