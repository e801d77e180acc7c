import { buffer } from "node:stream/consumers";
import type { FastifyInstance } from "fastify";
import { consoleRoutes } from "@docket/api-contract";
import type { Attachment } from "@docket/domain";
import { showMail, type ShownMail } from "@docket/mail";
import { rawOfContact } from "../../attachments/of-contact.ts";
import type { Principal } from "../../auth/principal.ts";
import { contactDetailsFor } from "../../policy/redaction.ts";
import { readContact } from "../../contacts/find.ts";
import { Refusal } from "../../http/refusal.ts";
import type { Serving } from "../../http/serve.ts";
import { demand } from "../../policy/enforce.ts";
import type { Moment } from "../../query/moment.ts";
import { framePage, framePolicy } from "./frame.ts";

/** A contact's e-mail for the eyes of staff: the source itself is another address's. */
export function serveMail(app: FastifyInstance, serving: Serving): void {
  const { deps, serve } = serving;
  const { db } = deps;

  serve(app, consoleRoutes.shownMail, {}, async ({ caller, params, query, reply }) => {
    const now = await serving.moment({}, reply);
    demand(caller, { do: "seeRaw" });
    const { files: _files, date, ...mail } = await mailOf(caller, params.contactId, query.images === "remote", now);
    const row = await readContact(db, caller, params.contactId, now);
    const { attachments } = contactDetailsFor(caller, row["details"] as Record<string, unknown>) as {
      attachments?: Attachment[];
    };
    return {
      ...mail,
      from: mail.from === null ? null : { ...mail.from },
      to: mail.to.map((one) => ({ ...one })),
      cc: mail.cc.map((one) => ({ ...one })),
      replyTo: mail.replyTo.map((one) => ({ ...one })),
      headers: mail.headers.map((one) => ({ ...one })),
      date: date?.toISOString() ?? null,
      attachments: attachments ?? [],
    };
  });

  serve(app, consoleRoutes.mailFrame, {}, async ({ caller, params, query, reply }) => {
    const now = await serving.moment({}, reply);
    demand(caller, { do: "seeRaw" });
    const remote = query.images === "remote";
    const mail = await mailOf(caller, params.contactId, remote, now);
    return reply
      .headers({
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": framePolicy(remote),
        "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "no-referrer",
        "cache-control": "private, no-store",
      })
      .send(framePage(mail));
  });

  async function mailOf(caller: Principal, contactId: string, remoteImages: boolean, now: Moment): Promise<ShownMail> {
    const source = await rawOfContact(deps, caller, contactId, now);
    // what came by another channel has no mail to be shown
    if (source === undefined || !source.name.endsWith(".eml")) throw new Refusal("not_found");
    const file = await deps.privacy.files.find(source.sha256, source.subjects);
    if (file === undefined) throw new Refusal("not_found");
    return showMail(await buffer(file.read()), { remoteImages });
  }
}
