import { createServer } from "node:http";
import { runService } from "@docket/service-kit";

/** A service with nothing to do, for the tests of its supervisor: `probe.ts [refuse]`. */
runService("probe", async ({ onStop }) => {
  if (process.argv[2] === "refuse") throw Object.assign(new Error("no such store"), { code: "store_away" });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onStop(() => server.close());
  return { port: (server.address() as { port: number }).port };
});
