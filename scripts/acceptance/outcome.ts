import { openStoreForPeople } from "../trail/open-store.ts";
import type { SunkMail } from "./post.ts";

/** A run's facts and mails with everything taken out that differs by chance (random ids, hashes), to compare two runs. */
export interface Outcome {
  /** stream by stream, in the order of the streams' beginnings */
  readonly streams: readonly (readonly string[])[];
  /** one entry per mail that was due: to whom, about what; the same message twice counts once */
  readonly mails: readonly string[];
}

export async function outcomeOf(env: NodeJS.ProcessEnv, mails: readonly SunkMail[]): Promise<Outcome> {
  const { store, close } = openStoreForPeople(env);
  try {
    const streams = new Map<string, string[]>();
    const names = new Map<string, string>();
    // Ids are told apart by the order in which a stream first names them.
    const plain = (stream: string, text: string) =>
      text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (uuid) => {
        const key = `${stream} ${uuid}`;
        if (!names.has(key))
          names.set(key, `id-${[...names.keys()].filter((name) => name.startsWith(`${stream} `)).length}`);
        return names.get(key) ?? uuid;
      });
    const raw = [];
    for await (const event of store.readAll()) raw.push(event);
    for (const fact of await store.facts(raw)) {
      const list = streams.get(fact.stream) ?? [];
      const { occurredAt, actor, channel } = fact.meta;
      // Hashes of sources that quote our signed ids, and those ids, differ with each installation's secret.
      const data = JSON.stringify(fact.data)
        .replace(/"raw":\{[^}]*\}/, '"raw":{}')
        .replace(/<t\.[^>]*>/g, "<ours>");
      list.push(plain(fact.stream, `${fact.type} ${occurredAt} ${actor.role} ${channel} ${data}`));
      streams.set(fact.stream, list);
    }
    // Blocks of numbers are reserved anew by a restarted process; what counts is that no number is given twice. When rights come into
    // the log is the machine's time.
    return {
      streams: [...streams.entries()]
        .filter(([name]) => !["ticket-numbers", "checkpoint", "rights"].includes(name) && !name.startsWith("access-"))
        .map(([, list]) => list)
        .map((list) => list.map((line) => line.replace(/SC-\d{6}/g, "SC-n")))
        .sort(byFirst),
      mails: [
        ...new Map(
          mails.map((mail) => [mail.messageId, `${mail.envelopeTo} ${mail.subject.replace(/SC-\d{6}/g, "SC-n")}`]),
        ).values(),
      ].sort(),
    };
  } finally {
    await close();
  }
}

const byFirst = (a: readonly string[], b: readonly string[]) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1);
