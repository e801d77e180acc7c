import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { choosePort } from "./ports.ts";

async function listenOn(port: number): Promise<number> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

it("keeps a free port, and takes one soon after a taken one", async () => {
  const any = await choosePort(0);
  expect(await choosePort(any)).toBe(any);
  const taken = await listenOn(any);
  const chosen = await choosePort(taken);
  expect(chosen).not.toBe(taken);
  await listenOn(chosen);
});

it("takes any port at the end of the range", async () => {
  expect(await choosePort(0)).toBeGreaterThan(0);
  await listenOn(65_535).catch(() => undefined);
  expect(await choosePort(65_535)).toBeGreaterThan(0);
});
