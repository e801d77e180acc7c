import { useSyncExternalStore } from "react";
import { columnsAtHand, onColumns, setColumns } from "../../shell/preferences.ts";
import { columns } from "./columns.tsx";

const usual = columns.filter((column) => column.usual).map(({ id }) => id);

/** Which columns a view shows: as its reader has chosen, else as its saved view says, else the usual ones. */
export function useColumnChoice(
  view: string,
  ofView: readonly string[] | null,
): { readonly ids: readonly string[]; toggle(id: string): void } {
  const kept = useSyncExternalStore(onColumns, () => columnsAtHand(view));
  const ids = kept === null ? (ofView ?? usual) : kept.split(",");
  return {
    ids,
    toggle: (id) => {
      const wanted = ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id];
      setColumns(
        view,
        columns.map((column) => column.id).filter((each) => wanted.includes(each)),
      );
    },
  };
}
