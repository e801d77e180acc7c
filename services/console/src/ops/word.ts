import { isText } from "../text/i18n.ts";
import { useText } from "../text/use-text.ts";

/** A state's word in the reader's language; one that the console does not know stays as it is. */
export function useWord(): (group: "projector" | "request" | "rebuild" | "mail", of: string) => string {
  const { t } = useText();
  return (group, of) => {
    const key = `ops.${group}.${of}`;
    return isText(key) ? t(key) : of;
  };
}
