import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import {
  beginErasure,
  type Erasure,
  findSubject,
  type FoundSubject,
  listErasures,
  planErasure,
  readErasure,
  unfinishedErasureOf,
} from "@docket/privacy";
import { CodedError, sleep } from "@docket/service-kit";
import { runVerb } from "../verb.ts";
import { openKeys } from "./open-keys.ts";

const usage = `scripts/docket forget SUBJECT [OPTION...]
scripts/docket forget --list

Erases the personal data of one person: his keys are destroyed, so that names, addresses, texts and files of his cannot be read any
more, wherever they stand (event store, journal, backups of either). Numbers, times, statuses and judgements stay.
SUBJECT is a mail address, the id of a customer's person or of a member of staff (person:ID or staff:ID where both exist),
phone:NUMBER, or a reference that --dry-run printed. It cannot be undone.

  --dry-run       only tell what would be touched
  --reason TEXT   why; kept for ever, so name nobody in it
  --by NAME       id of who asks (default: your login on this machine)
  --no-wait       do not wait until the read models show blanks
  --list          the erasures so far
  --help          this text

The rest (blanks in the read models, the record in the log) is done by the running projector; a crash at any moment is gone on
from. Run again for the same person while it is under way, it waits for that erasure and begins no other. Exit code 0 done; 1 failed, or not finished within a minute (it goes on by itself); 2 wrong use.
`;

const options = {
  "dry-run": { type: "boolean" },
  reason: { type: "string" },
  by: { type: "string" },
  "no-wait": { type: "boolean" },
  list: { type: "boolean" },
} as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const waitMs = 60_000;

await runVerb({ usage, options, words: { min: 0, max: 1 } }, async (values, [subject]) => {
  const privacy = openKeys();
  const { vault } = privacy;
  try {
    if (values.list === true) {
      for (const erasure of await listErasures(vault)) say(inWords(erasure));
      return 0;
    }
    if (subject === undefined) throw new CodedError("option_invalid", "whose data? See --help");
    const found = await findSubject(vault, subject).catch(async (error: unknown) => {
      const begun = values["dry-run"] === true ? undefined : await unfinishedErasureOf(vault, subject);
      if (begun === undefined) throw error;
      return begun;
    });
    if ("erasureId" in found) {
      say(`${found.erasureId}: was begun before, the keys are destroyed; it goes on`);
      return values["no-wait"] === true ? 0 : await waitFor(found.erasureId);
    }
    return await forget(found);
  } finally {
    await privacy.close();
  }

  async function forget(found: FoundSubject): Promise<number> {
    if (values["dry-run"] === true) {
      const plan = await planErasure(vault, found);
      say(`kind      ${plan.kind}`);
      say(`subjects  ${plan.subjects.join(", ")}`);
      if (plan.shared.length > 0)
        say(`shared    ${plan.shared.join(", ")} (addresses that others use too; not erased)`);
      say(
        `streams   ${plan.streams.length}${plan.streams.length > 0 ? `: ${plan.streams.slice(0, 20).join(", ")}` : ""}`,
      );
      say(`files     ${plan.files}`);
      say(`mails     ${plan.mails}`);
      say(`accounts  ${plan.accounts}`);
      say("nothing was changed");
      return 0;
    }
    const by = { id: idOf(values.by ?? userInfo().username), role: "admin" };
    const request = { erasureId: randomUUID(), found, by, reason: values.reason ?? null, at: new Date() };
    const erasureId = await beginErasure(vault, request);
    say(`${erasureId}: the keys are destroyed`);
    return values["no-wait"] === true ? 0 : await waitFor(erasureId);
  }

  async function waitFor(erasureId: string): Promise<number> {
    for (const began = performance.now(); performance.now() - began < waitMs; await sleep(100)) {
      const erasure = await readErasure(vault, erasureId);
      if (erasure?.step !== "done") continue;
      say(`${erasureId}: done, ${erasure.streams?.length ?? 0} streams show blanks`);
      return 0;
    }
    say(`${erasureId}: not finished yet; it goes on as soon as a projector runs (--list tells)`);
    return 1;
  }
});

function inWords({ erasureId, requestedAt, kind, actor, step, reason }: Erasure): string {
  const why = reason === null ? "" : `: ${reason}`;
  return `${requestedAt.toISOString()} ${erasureId} ${kind} by ${actor.id} (${step})${why}`;
}

/** A name as the log takes it. */
function idOf(name: string): string {
  const id = name.replace(/[^A-Za-z0-9_.-]/g, "-").slice(0, 80);
  return /^[A-Za-z0-9]/.test(id) ? id : `u${id}`.slice(0, 80);
}
