import { z } from "zod";
import { attachment } from "@docket/domain";

/** What an upload gives back, and what a command then names. */
export const uploadedAttachment = attachment.clone().meta({ id: "Attachment" });
export const uploadQuery = z.strictObject({ name: z.string().max(1000).optional() });
