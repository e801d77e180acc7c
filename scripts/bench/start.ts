import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Bench, Figure } from "./figure.ts";
import { commandLineOf, familyOf, proportionalMb, residentMb } from "./processes.ts";

const idleMs = 15_000;
const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * `npm start` on a folder that has been started before: from the command to the first page. Then, after a quarter of a minute
 * in which nobody asks for anything, the resident memory of each process. What is not in it: the first start, with
 * its installation and its demo data.
 */
export const start: Bench = {
  name: "start",
  title: "Warm start to the first page, and idle memory",
  async run({ folder, quick, say }) {
    const data = join(folder, "data");
    say("first start, with the demo data");
    const first = await begin(data);
    await first.stop();
    const waits: number[] = [];
    let memory: Figure[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      say("warm start");
      const warm = await begin(data);
      waits.push(warm.firstPageMs);
      if (round === 0) {
        say("idle");
        await pause(idleMs);
        memory = memoryOf(warm.child.pid as number);
      }
      await warm.stop();
    }
    return [
      {
        what: "cold start to first page, without installation, demo data included",
        value: first.readyMs / 1_000,
        unit: "s",
      },
      {
        what: "warm start to first page, median",
        value: (waits.toSorted((a, b) => a - b)[waits.length >> 1] as number) / 1_000,
        unit: "s",
        aims: [{ of: "value", atMost: 5 }],
      },
      ...memory,
    ];
  },
};

interface Started {
  readonly child: ChildProcess;
  readonly firstPageMs: number;
  readonly readyMs: number;
  stop(): Promise<void>;
}

async function begin(data: string): Promise<Started> {
  const began = performance.now();
  // A port of its own, chosen beforehand, so that the first page can be asked for from the first moment.
  const port = 20_000 + (process.pid % 20_000);
  const child = spawn("npm", ["start", "--silent", "--", "--data", data, "--port", String(port), "--mail-port", "0"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const exited = once(child, "exit");
  const ready = Promise.withResolvers<void>();
  let said = "";
  child.stdout?.on("data", (text: Buffer) => {
    said += text.toString();
    if (said.includes("Docket is ready")) ready.resolve();
  });
  void exited.then(() => ready.reject(new Error(`npm start ended by itself:\n${said}`)));
  let firstPageMs = 0;
  while (firstPageMs === 0) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (answered) firstPageMs = performance.now() - began;
    else await Promise.race([pause(20), exited.then(() => ready.promise)]);
  }
  await ready.promise;
  return {
    child,
    firstPageMs,
    readyMs: performance.now() - began,
    async stop() {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
      await exited;
    },
  };
}

/** Each process of the family by name. Postgres counts as one: its workers share most of what each of them shows. */
function memoryOf(pid: number): Figure[] {
  const figures: Figure[] = [];
  let postgres = 0;
  for (const each of familyOf(pid)) {
    const line = commandLineOf(each);
    if (/^postgres:|[/]bin[/]postgres /.test(line)) {
      postgres += proportionalMb(each);
      continue;
    }
    const name = /(?:services|packages)\/([\w-]+)\/src\/([\w-]+)\.ts/.exec(line);
    const what =
      name === null
        ? line.includes("scripts/start.ts")
          ? "npm start itself"
          : undefined
        : name[2] === "main"
          ? name[1]
          : `${name[1]} (${name[2]})`;
    if (what === undefined) continue;
    figures.push({
      what: `idle memory: ${what}`,
      value: residentMb(each),
      unit: "MB",
      aims: [{ of: "value", atMost: 150 }],
    });
  }
  return [
    ...figures,
    {
      what: "idle memory: Postgres, all its processes",
      value: postgres,
      unit: "MB",
      note: "shared pages counted once",
    },
  ];
}
