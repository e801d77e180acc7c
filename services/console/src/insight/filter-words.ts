import { useNames } from "../api/directory.ts";
import { useText } from "../text/use-text.ts";
import { inWords, keyWord, noneText, useMenu } from "./report.ts";

/** Says a filter in words: "Month: 2026-03", "Customer: Romashka". */
export function useFilterWords(): (name: string, value: string) => string {
  useText();
  const names = useNames();
  const menu = useMenu();
  const lists: Readonly<Record<string, (id: string) => string>> = {
    organization: names.organization,
    contract: names.contract,
    group: names.group,
    engineer: names.person,
  };
  return (name, value) => {
    const dimension = menu.data?.dimensions.find((each) => each.name === name);
    const title = dimension === undefined ? name : inWords(dimension.title);
    const words = value.split(",").map((one) => {
      const known = dimension?.values?.find((each) => each.value === one);
      if (one === "none") return noneText(name);
      return lists[name]?.(one) ?? (known === undefined ? keyWord(name, one) : inWords(known.title));
    });
    return `${title}: ${words.join(", ")}`;
  };
}
