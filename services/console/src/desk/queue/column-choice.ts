import { useState } from "react";
import { columns } from "./columns.tsx";

const usual = columns.filter((column) => column.usual).map(({ id }) => id);

/** Which columns a view shows: as chosen on this machine, else as its saved view says, else the usual ones. */
export function useColumnChoice(
  view: string,
  ofView: readonly string[] | null,
): { readonly ids: readonly string[]; toggle(id: string): void } {
  const key = `docket.columns.${view}`;
  const [, redraw] = useState(0);
  const kept = localStorage.getItem(key);
  const ids = kept === null ? (ofView ?? usual) : kept.split(",");
  return {
    ids,
    toggle: (id) => {
      const wanted = ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id];
      localStorage.setItem(
        key,
        columns
          .map((column) => column.id)
          .filter((each) => wanted.includes(each))
          .join(","),
      );
      redraw((count) => count + 1);
    },
  };
}
