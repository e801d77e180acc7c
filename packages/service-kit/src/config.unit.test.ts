import { expect, it } from "vitest";
import { z } from "zod";
import { commonSettings, loadConfig, setting } from "./config.ts";

const schema = z.object({ ...commonSettings, PORT: setting.port(8080), DEMO: setting.flag(true) });
const stores = { EVENTSTORE_URL: "esdb://localhost:2113", DATABASE_URL: "postgres://localhost/docket" };

it("reads settings with their defaults, ignores what it does not know, and takes the empty text as not set", () => {
  expect(loadConfig(schema, { ...stores, PORT: "0", DEMO: "no", LOG_LEVEL: "", HOME: "/" })).toEqual({
    ...stores,
    PORT: 0,
    DEMO: false,
    LOG_LEVEL: "info",
    DOCKET_CLOCK: "system",
    DOCKET_DATA: ".docket",
    DOCKET_PUBLIC_URL: "http://localhost:8080",
  });
});

it("names every variable at fault and repeats no value", () => {
  const read = () => loadConfig(schema, { DATABASE_URL: "mysql://root:hunter2@localhost/docket", PORT: "70000" });
  expect(read).toThrow(expect.objectContaining({ code: "config_invalid" }));
  expect(read).toThrow(/EVENTSTORE_URL: is not set/u);
  expect(read).toThrow(/DATABASE_URL: must be a URL that begins with postgres:\/\//u);
  expect(read).toThrow(/PORT: /u);
  expect(read).not.toThrow(/hunter2/u);
});
