import { followSupervisor, loadConfig, onStopSignal, setting } from "@docket/service-kit";
import { z } from "zod";
import { runVerb } from "../verb.ts";
import { simulate } from "./simulation.ts";

const usage = `scripts/docket simulate [--speed N] [--unwatched] [--tell]

Makes gentle traffic in a running Docket with the demo's customers and staff, through its front door: mail, portal, phone,
operators' and engineers' commands. It pauses while nobody has a live view open, and makes no more than gets worked off.

  --speed N      how fast (default 1: a request every half a minute or so)
  --unwatched    goes on though nobody has a live view open
  --tell         says what it does
  --help         this text

An administrator stops, starts and speeds it up at PATCH /api/v1/ops/simulation.
`;

const options = {
  speed: { type: "string", default: "1" },
  unwatched: { type: "boolean", default: false },
  tell: { type: "boolean", default: false },
} as const;

await runVerb({ usage, options }, async (values) => {
  const config = loadConfig(
    z.object({
      DOCKET_PUBLIC_URL: setting.url("http", "https"),
      DOCKET_SUPPORT_ADDRESS: z.string().default("support@docket.example"),
      MAILROOM_PORT: setting.port(2525),
    }),
  );
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  followSupervisor(() => stop.abort());
  await simulate({
    gateway: () => config.DOCKET_PUBLIC_URL,
    smtpPort: () => config.MAILROOM_PORT,
    supportAddress: config.DOCKET_SUPPORT_ADDRESS,
    speed: z.coerce.number().min(0.1).max(100).parse(values.speed),
    unwatched: values.unwatched,
    signal: stop.signal,
    ...(values.tell ? { onStep: (what: string) => void process.stdout.write(`${what}\n`) } : {}),
  });
  process.exit(0);
});
