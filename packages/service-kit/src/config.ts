import { z } from "zod";
import { CodedError } from "./coded-error.ts";

const tcpPort = z.coerce.number().int().min(0).max(65_535);

/** Building blocks for settings that arrive as text. */
export const setting = {
  /** A TCP port; 0 asks the system for a free one. */
  port: (fallback: number) => tcpPort.default(fallback),
  optionalPort: () => tcpPort.optional(),
  /** true/false, 1/0, yes/no, on/off. */
  flag: (fallback: boolean) => z.stringbool().default(fallback),
  /** A URL whose scheme is one of `schemes`, kept as text. */
  url: (...schemes: string[]) =>
    z.string().refine((text) => schemes.some((scheme) => text.startsWith(`${scheme}://`)), {
      error: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`,
    }),
};

/** Settings that every service shares; spread them into the service's own `z.object`. */
export const commonSettings = {
  EVENTSTORE_URL: setting.url("esdb", "esdb+discover", "kurrentdb", "kurrentdb+discover"),
  DATABASE_URL: setting.url("postgres", "postgresql"),
  DOCKET_CLOCK: z.string().default("system"),
  /** Folder for what a service keeps itself: attachments, the outbox, logs. */
  DOCKET_DATA: z.string().default(".docket"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  /** The address that people type; links in mails begin with it. */
  DOCKET_PUBLIC_URL: setting.url("http", "https").default("http://localhost:8080"),
};

/**
 * Reads settings from the environment by a zod schema. A variable set to the empty text counts as not set, as compose
 * files leave them. Throws `config_invalid` that names every variable at fault; the values are not repeated, since they
 * may be secrets.
 *
 * @example
 * const config = loadConfig(z.object({ ...commonSettings, GATEWAY_PORT: setting.port(8080) }))
 */
export function loadConfig<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv = process.env): z.infer<S> {
  const given = Object.fromEntries(Object.keys(schema.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? "settings");
    return { name, fault: name in given ? issue.message : "is not set" };
  });
  const sentence = faults.map(({ name, fault }) => `${name}: ${fault}`).join("; ");
  throw new CodedError("config_invalid", sentence, { details: { variables: faults.map(({ name }) => name) } });
}
