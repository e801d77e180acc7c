import { z } from "zod";
import { attachment, instant } from "@docket/domain";

const address = z.strictObject({ name: z.string().nullable(), address: z.string().nullable() });

/** Pictures on other machines stay there unless asked for: looking at them tells their owner. */
export const mailImages = z.enum(["none", "remote"]);

/** A contact that came by e-mail, for the eyes of people; its HTML is harmless. */
export const shownMail = z
  .strictObject({
    from: address.nullable(),
    to: z.array(address),
    cc: z.array(address),
    replyTo: z.array(address),
    subject: z.string(),
    date: instant.nullable(),
    messageId: z.string().nullable(),
    automatic: z.boolean(),
    text: z.string(),
    html: z.string().nullable(),
    remoteImages: z.int(),
    inlineImages: z.int(),
    /** the files that were kept, to be fetched by the contact's address for attachments */
    attachments: z.array(attachment),
    headers: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  })
  .meta({ id: "ShownMail" });
