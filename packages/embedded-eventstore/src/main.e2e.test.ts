import { createServer } from "node:net";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned } from "@docket/test-kit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectRaw, callRaw, appendMessages, readRequest, STREAMS } from "./testing/raw-call.ts";
import { type FailedStart, type NodeProcess, runMain, startNodeProcess } from "./testing/node-process.ts";

/** The command line as scripts use it. */
describe("eventstore command", () => {
  let folder: string;
  const running: NodeProcess[] = [];
  const start = async (args: readonly string[], env?: Record<string, string>): Promise<NodeProcess> => {
    const node = await startNodeProcess(args, env);
    running.push(node);
    return node;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "estore cli "));
  });
  afterEach(async () => {
    for (const node of running.splice(0)) await node.end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  test("--help, and what is wrong with other calls", async () => {
    expect(await runMain(["--help"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("--max-append-size") as string,
    });
    const wrong: [string[], RegExp][] = [
      [[], /--data DIR or --mem/],
      [["--mem", "--data", folder], /exclude/],
      [["--mem", "--port", "x"], /--port/],
      [["--mem", "--port", "70000"], /--port/],
      [["--mem", "--tls-cert", "a"], /go together/],
      [["--mem", "--max-append-size", "0"], /--max-append-size/],
      [["--mem", "--nonsense"], /nonsense/],
    ];
    for (const [args, message] of wrong) {
      const failed = (await runMain(args)) as FailedStart;
      expect(failed).toMatchObject({ code: 2, stdout: "" });
      expect(failed.stderr).toMatch(message);
    }
    expect(
      await runMain(["--mem", "--tls-cert", join(folder, "none"), "--tls-key", join(folder, "none")]),
    ).toMatchObject({ code: 1 });
  });

  test("says when it serves, keeps what it was given, ends cleanly on SIGTERM and SIGINT", async () => {
    const data = join(folder, "new", "data");
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const node = await start(["--port", "0", "--data", data]);
      expect(node.stdout).toBe(`ready port=${node.port}\n`);
      const connection = await connectRaw(node.port);
      expect((await callRaw(connection, `${STREAMS}Append`, appendMessages("a", "any", [{}]))).status).toBe(0);
      const open = connection.call(`${STREAMS}Read`);
      open.send(readRequest({ stream: "a", subscribe: true }));
      await open.messages(3);
      expect(await node.end(signal)).toBe(0);
      expect(await open.ended()).toMatchObject({ status: 1 });
      connection.close();
    }
    const node = await start(["--port", "0", "--data", data]);
    const connection = await connectRaw(node.port);
    expect(
      (await callRaw(connection, `${STREAMS}Read`, [readRequest({ stream: "a", count: 9n })])).messages,
    ).toHaveLength(2);
    connection.close();
  });

  test("a taken port and a folder in use are told and end it", async () => {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const { port } = listener.address() as { port: number };
    const data = join(folder, "data");
    const taken = (await runMain(["--port", String(port), "--data", data])) as FailedStart;
    expect(taken).toMatchObject({ code: 1, stdout: "" });
    expect(taken.stderr).toMatch(/^port_taken/);
    listener.close();
    await start(["--port", "0", "--data", data]);
    const locked = (await runMain(["--port", "0", "--data", data])) as FailedStart;
    expect(locked.code).toBe(1);
    expect(locked.stderr).toMatch(/^data_folder_locked/);
    writeFileSync(join(folder, "file"), "");
    expect(((await runMain(["--port", "0", "--data", join(folder, "file")])) as FailedStart).stderr).toMatch(
      /^data_folder_unusable/,
    );
    mkdirSync(join(folder, "other"));
    writeFileSync(join(folder, "other", "events.db"), "this is no database, whatever its name says");
    expect(((await runMain(["--port", "0", "--data", join(folder, "other")])) as FailedStart).stderr).toMatch(
      /^data_folder_unusable/,
    );
  });

  test("under TLS the login is asked for: right, wrong, none", async () => {
    const { certificate, key } = selfSigned();
    const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    writeFileSync(certFile, certificate);
    writeFileSync(keyFile, key);
    const basic = (login: string) => ({ authorization: `Basic ${Buffer.from(login).toString("base64")}` });
    for (const [env, password] of [
      [{}, "changeit"],
      [{ EVENTSTORE_ADMIN_PASSWORD: "another: one" }, "another: one"],
    ] as const) {
      const node = await start(["--port", "0", "--mem", "--tls-cert", certFile, "--tls-key", keyFile], env);
      const connection = await connectRaw(node.port, certificate);
      const append = (stream: string, headers?: Record<string, string>) =>
        callRaw(connection, `${STREAMS}Append`, appendMessages(stream, "any", [{}]), headers);
      expect(await append("a", basic(`admin:${password}`))).toMatchObject({ status: 0 });
      expect(await append("a", basic("admin:wrong"))).toMatchObject({ status: 16 });
      expect(await append("a", basic("ouro:changeit"))).toMatchObject({ status: 16 });
      expect(await append("a", { authorization: "Bearer x" })).toMatchObject({ status: 16 });
      expect(await append("a")).toMatchObject({
        status: 7,
        text: "Access Denied",
        trailers: { exception: "access-denied" },
      });
      expect(await append("$all", basic(`admin:${password}`))).toMatchObject({ status: 7 });
      const read = (headers?: Record<string, string>) =>
        callRaw(connection, `${STREAMS}Read`, [readRequest({ stream: "a", count: 1n })], headers);
      expect(await read(basic(`admin:${password}`))).toMatchObject({ status: 0 });
      expect(await read(basic("admin:"))).toMatchObject({ status: 16 });
      expect(await read()).toMatchObject({ status: 7 });
      // These the client calls without a login.
      expect(
        await callRaw(connection, "/event_store.client.server_features.ServerFeatures/GetSupportedMethods", [
          Buffer.alloc(0),
        ]),
      ).toMatchObject({ status: 0 });
      expect(
        await callRaw(connection, "/event_store.client.gossip.Gossip/Read", [Buffer.alloc(0)], basic("admin:wrong")),
      ).toMatchObject({ status: 0 });
      connection.close();
    }
  });
});
