import { hasBidiControl } from "@docket/api-contract";
import { limits } from "@docket/domain";
import { Refusal } from "../http/refusal.ts";

/**
 * The name under which an uploaded file is kept: the last part of whatever path the sender's machine put before it. A name that
 * disguises what it is (direction overrides, control characters, NUL), says nothing, or goes on for ever is refused.
 */
export function fileNameOf(given: string): string {
  const name = (given.normalize("NFC").split(/[\\/]/).at(-1) ?? "").trim();
  if (hasBidiControl(name) || /[\p{Cc}\u2028\u2029\ufeff]/u.test(name) || !name.isWellFormed())
    throw new Refusal("attachment_name_refused", { field: "name" });
  if (name === "" || /^\.+$/.test(name) || name.length > limits.fileName)
    throw new Refusal("attachment_name_refused", { field: "name" });
  return name;
}

/** RFC 6266: a plain name for the old, the true one for the rest. Nothing in it can end the header or the quotes. */
export function contentDisposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
