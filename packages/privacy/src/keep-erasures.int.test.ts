import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { erasedText } from "@docket/domain";
import { verifyChain } from "@docket/event-store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { on, people, registration } from "../../domain/test/service-centre.ts";
import { metaOf, openSealedService, type SealedService } from "../test/service.ts";
import { beginErasure, type ErasureStep, readErasure, unfinishedErasureOf } from "./erasure.ts";
import { findSubject } from "./subject.ts";

/*
 * An erasure is finished whoever is killed when: the projectors here are processes of their own that are killed (kill -9) at each step, before
 * and after it is noted. And whoever works meanwhile on what he read before the erasure does not bring anything back.
 */

const projectorScript = fileURLToPath(new URL("../test/projector.ts", import.meta.url));
let service: SealedService;
const projectors = new Set<ChildProcess>();

/** A gate before the codec: what has been decided waits there before it is sealed. */
let gate: { readonly reached: () => void; readonly open: Promise<void> } | undefined;

beforeAll(async () => {
  service = await openSealedService((codec) => ({
    ...codec,
    async encode(stream, events, origin) {
      const waiting = gate;
      waiting?.reached();
      await waiting?.open;
      return codec.encode(stream, events, origin);
    },
  }));
});
afterAll(async () => {
  for (const child of projectors) child.kill("SIGKILL");
  await service.close();
});

function startProjector(): ChildProcess {
  const child = spawn(process.execPath, [projectorScript], {
    env: {
      ...process.env,
      STORE: service.storeUrl,
      DATABASE: service.database.url,
      MASTER: service.master,
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  projectors.add(child);
  child.once("exit", () => projectors.delete(child));
  return child;
}

/** A person of his own, who asks for a ticket. */
async function person(id: string): Promise<{ readonly canary: string; readonly ticketId: string }> {
  const canary = `Canary ${id}`;
  const ticketId = randomUUID();
  const email = `${id}@romashka.example`;
  await service.ok({
    type: "AddPerson",
    data: { organizationId: "romashka", person: { personId: id, name: canary, emails: [email], phones: [] } },
  });
  const requester = { personId: id, name: canary, email, phone: null };
  await service.ok(
    registration({
      ticketId,
      number: `SC-${id.slice(1).padStart(6, "0")}`,
      contactId: null,
      requester,
      subject: `${canary} asks`,
      description: `${canary} describes`,
    }),
    { actor: people.olga },
  );
  return { canary, ticketId };
}

const erase = async (given: string): Promise<string> => {
  const { vault } = service.another();
  return beginErasure(vault, {
    erasureId: randomUUID(),
    found: await findSubject(vault, given),
    by: { id: "boss", role: "admin" },
    reason: null,
    at: new Date(),
  });
};
const stepOf = async (id: string): Promise<ErasureStep | undefined> =>
  (await readErasure(service.privacy.vault, id))?.step;
const records = async (id: string): Promise<number> => (await service.store.loadRaw(`erasure-${id}`)).length;

/** Where a text stands in clear: in which tables of whatever schema. */
async function standsIn(text: string): Promise<string[]> {
  const { pool } = service.database;
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not like 'pg%' and n.nspname <> 'information_schema'`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await pool.query(
      `select from ${name} t where position(lower($1) in lower(t::text)) > 0 limit 1`,
      [text],
    );
    if ((rowCount ?? 0) > 0) found.push(name);
  }
  return found;
}
const mirrored = async (): Promise<boolean> => {
  const head = await service.store.head();
  const { rows } = await service.database.pool.query(
    "select commit_position >= $1 as there from engine.checkpoints where name = 'projector'",
    [head.commit],
  );
  return rows[0]?.there === true;
};

describe("an erasure whose projector is killed", () => {
  // between any two of them nothing is written that another one would not see
  const places = [
    "before refold",
    "after refold",
    "after blanked",
    "before append",
    "after append",
    "after recorded",
    "before done",
  ];

  it("at any step is finished by the next one, with one record of it", { timeout: 300_000 }, async () => {
    let unfinished: {
      readonly id: string;
      readonly erasureId: string;
      readonly canary: string;
      readonly ticketId: string;
    }[] = [];
    const finished = async (): Promise<void> => {
      for (const { id, erasureId, canary, ticketId } of unfinished) {
        await expect.poll(() => stepOf(erasureId), { timeout: 60_000 }).toBe("done");
        expect(await records(erasureId)).toBe(1);
        await expect.poll(mirrored, { timeout: 60_000 }).toBe(true);
        expect(await standsIn(canary)).toEqual([]);
        expect(await unfinishedErasureOf(service.privacy.vault, `person:${id}`)).toBeUndefined();
        const events = await service.store.loadRaw(`ticket-${ticketId}`);
        expect(verifyChain(events)).toBeUndefined();
        expect((await service.store.load(`ticket-${ticketId}`))[0]?.data).toMatchObject({ subject: erasedText });
      }
      unfinished = [];
    };
    for (const [index, place] of places.entries()) {
      const id = `p${index + 1}`;
      const doomed = startProjector();
      // what its predecessor died of, it finishes; then it is told where to die itself
      await finished();
      const told = once(doomed, "message");
      doomed.send(place);
      await told;
      const one = await person(id);
      await expect.poll(mirrored, { timeout: 60_000 }).toBe(true);
      expect(await standsIn(one.canary)).not.toEqual([]);
      const exit = once(doomed, "exit") as Promise<[number | null, string | null]>;
      const erasureId = await erase(`person:${id}`);
      expect([place, (await exit)[1]]).toEqual([place, "SIGKILL"]);
      unfinished.push({ id, erasureId, ...one });
      expect(await stepOf(erasureId)).not.toBe("done");
      // asked for again, the one that is under way is found, by any of his names, and no other is begun
      const { vault } = service.privacy;
      await expect(findSubject(vault, `person:${id}`)).rejects.toMatchObject({ code: "subject_unknown" });
      for (const name of [`person:${id}`, id, `${id}@romashka.example`])
        expect((await unfinishedErasureOf(vault, name))?.erasureId).toBe(erasureId);
    }
    const last = startProjector();
    await finished();
    const gone = once(last, "exit");
    last.kill("SIGKILL");
    await gone;
  });
});

it("asked for twice at once, it is one erasure", async () => {
  await person("p50");
  const found = await findSubject(service.privacy.vault, "person:p50");
  const request = { found, by: { id: "boss", role: "admin" }, reason: null, at: new Date() };
  const begun = await Promise.all(
    [1, 2, 3].map(() => beginErasure(service.another().vault, { ...request, erasureId: randomUUID() })),
  );
  expect(new Set(begun).size).toBe(1);
  const { rows } = await service.database.pool.query("select from vault.erasure where subjects @> $1", [
    [found.subjects[0]],
  ]);
  expect(rows).toHaveLength(1);
  // this process hears of it now, and not in the midst of what comes next
  await service.privacy.vault.look();
});

describe("a command on its way while somebody is erased", () => {
  /** Sends a command, erases while it waits between its decision and its sealing, and lets it go on. */
  async function race(command: Parameters<SealedService["ok"]>[0], name: string, whom: string) {
    const reached = Promise.withResolvers<void>();
    const open = Promise.withResolvers<void>();
    gate = { reached: reached.resolve, open: open.promise };
    const sending = service.desk.execute(command, metaOf({ actor: { id: "ivan", role: "engineer", name } })).then(
      (result) => (result.ok ? "written" : result.error.code),
      (error: { code: string }) => error.code,
    );
    await reached.promise;
    gate = undefined;
    const erasureId = await erase(whom);
    // this process hears of it
    await service.privacy.vault.look();
    open.resolve();
    return { outcome: await sending, erasureId };
  }

  it("writes nothing of what it read before: it fails, and is done again on what can still be read", async () => {
    const { ticketId } = await person("p60");
    await service.ok({ ...on.classify(), data: { ...on.classify().data, ticketId } } as never);
    const before = (await service.store.loadRaw(`ticket-${ticketId}`)).length;
    const comment = {
      type: "CommentTicket",
      data: { ticketId, text: "Racing", visibility: "public", attachments: [] },
    };
    const { outcome } = await race(comment as never, "Canary engineer", "staff:ivan");
    expect(outcome).toBe("store_unavailable");
    expect((await service.store.loadRaw(`ticket-${ticketId}`)).length).toBe(before);
    // sent again it is written, and tells what is told of him now
    await service.ok(comment as never, { actor: { id: "ivan", role: "engineer" } });
    const facts = await service.store.load(`ticket-${ticketId}`);
    expect(facts.at(-1)?.data).toMatchObject({ text: "Racing" });
    expect(JSON.stringify(facts)).not.toContain("Canary engineer");
  });

  it("in another process, which has not heard: what it seals is erased with the rest, or refused", async () => {
    const { ticketId, canary } = await person("p61");
    const comment = { type: "CommentTicket", data: { ticketId, text: canary, visibility: "public", attachments: [] } };
    const send = () =>
      service.desk.execute(comment as never, metaOf({ actor: { id: "p61", role: "requester", name: canary } })).then(
        (result) => (result.ok ? "written" : result.error.code),
        (error: { code: string }) => error.code,
      );
    const outcomes = new Map<string, number>();
    const senders = Array.from({ length: 6 }, async () => {
      for (let n = 0; n < 12; n++) {
        const outcome = await send();
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        // his session ends when this process hears of the erasure; until then he goes on
        if (service.privacy.vault.era() > eraBefore) return;
      }
    });
    const eraBefore = service.privacy.vault.era();
    await new Promise((resolve) => setImmediate(resolve));
    const erasureId = await erase("person:p61");
    await Promise.all(senders);
    expect(outcomes.get("written")).toBeGreaterThan(0);
    expect([...outcomes.keys()].every((one) => one === "written" || one === "store_unavailable")).toBe(true);
    const child = startProjector();
    await expect.poll(() => stepOf(erasureId), { timeout: 60_000 }).toBe("done");
    await expect.poll(mirrored, { timeout: 60_000 }).toBe(true);
    expect(await standsIn(canary)).toEqual([]);
    const told = JSON.stringify(await service.store.load(`ticket-${ticketId}`));
    expect(told).not.toContain(canary);
    child.kill("SIGKILL");
  });
});
