import type { FastifyInstance } from "fastify";
import { privacyRoutes } from "@docket/api-contract";
import {
  beginErasure,
  type Erasure,
  exportSubject,
  findSubject,
  type FoundSubject,
  type HeldEvent,
  listErasures,
  planErasure,
  readErasure,
  unfinishedErasureOf,
} from "@docket/privacy";
import { actorOf } from "../auth/principal.ts";
import type { Serving } from "../http/serve.ts";
import { Refusal } from "../http/refusal.ts";
import { demand } from "../policy/enforce.ts";

/** More of either goes by the command line, which streams. */
const mostEvents = 10_000;
const mostBytes = 50 * 1024 * 1024;

const shown = ({ erasureId, kind, subjects, actor, reason, requestedAt, step, streams }: Erasure) => ({
  erasureId,
  kind,
  subjects: [...subjects],
  by: actor,
  reason,
  requestedAt: requestedAt.toISOString(),
  step,
  streams: streams?.length ?? null,
});

/** Erasure and export of one subject's personal data, for administrators. What an erasure begins, the projector finishes. */
export function servePrivacy(app: FastifyInstance, { deps, serve, witness }: Serving): void {
  const { privacy, store, clock } = deps;
  const { vault } = privacy;

  serve(app, privacyRoutes.plan, {}, async ({ caller, body }) => {
    demand(caller, { do: "administer" });
    const plan = await planErasure(vault, await find(body.subject));
    return { ...plan, subjects: [...plan.subjects], shared: [...plan.shared], streams: [...plan.streams] };
  });

  serve(app, privacyRoutes.erase, { erases: true }, async ({ caller, body, idFor }) => {
    demand(caller, { do: "administer" });
    const erasureId = idFor("erasure");
    // A repetition of what was begun finds nobody any more by that name, and is told how far it has come.
    const earlier = await readErasure(vault, erasureId);
    if (earlier !== undefined) return shown(earlier);
    const { id, role } = actorOf(caller);
    const found = await find(body.subject).catch(async (error: unknown) => {
      // somebody asked for the same, and it is under way
      const begun = await unfinishedErasureOf(vault, body.subject).catch(() => undefined);
      if (begun === undefined) throw error;
      return begun;
    });
    if ("erasureId" in found) return shown(found);
    const request = { erasureId, found, by: { id, role }, reason: body.reason ?? null, at: clock.now() };
    const begun = await readErasure(vault, await beginErasure(vault, request));
    if (begun === undefined) throw new Refusal("internal");
    return shown(begun);
  });

  serve(app, privacyRoutes.erasures, {}, async ({ caller }) => {
    demand(caller, { do: "administer" });
    return { items: (await listErasures(vault, 1_000)).map(shown) };
  });

  serve(app, privacyRoutes.erasure, {}, async ({ caller, params }) => {
    demand(caller, { do: "administer" });
    const erasure = await readErasure(vault, params.erasureId);
    if (erasure === undefined) throw new Refusal("not_found");
    return shown(erasure);
  });

  serve(app, privacyRoutes.export, {}, async ({ caller, body, request }) => {
    demand(caller, { do: "administer" });
    const held = exportSubject(privacy, store, await find(body.subject), clock.now());
    const ended = await witness.exporting("subject_export", caller, request);
    const events: HeldEvent[] = [];
    let truncated = false;
    for await (const event of held.events()) {
      if (events.length === mostEvents) {
        truncated = true;
        break;
      }
      events.push(event);
    }
    let room = body.bytes ? mostBytes : 0;
    const files = [];
    for (const file of await held.files()) {
      const bytes = body.bytes && file.size <= room ? await held.bytesOf(file.sha256) : undefined;
      if (body.bytes && bytes === undefined) truncated = true;
      room -= bytes?.length ?? 0;
      files.push(bytes === undefined ? file : { ...file, base64: bytes.toString("base64") });
    }
    const [mails, accounts] = await Promise.all([held.mails(), held.accounts()]);
    ended(events.length + files.length + mails.length + accounts.length, !truncated);
    return { ...(held.head as object), events, files, mails, accounts, truncated } as never;
  });

  async function find(subject: string): Promise<FoundSubject> {
    try {
      return await findSubject(vault, subject);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (typeof code === "string" && code.startsWith("subject_")) throw new Refusal(code, { field: "subject" });
      throw error;
    }
  }
}
