import type { Account } from "@docket/api-contract";
import type { Icon } from "@tabler/icons-react";
import type { AnyRoute } from "@tanstack/react-router";
import type { TextKey } from "../text/keys.ts";

/** A line of the rail. */
export interface RailEntry {
  readonly id: string;
  readonly title: TextKey;
  readonly icon: Icon;
  readonly to: string;
  /** `g` and this letter go there; letters are shared by all areas */
  readonly letter?: string;
  /** queue whose counter stands beside it */
  readonly counter?: string;
  readonly group?: TextKey;
  /** its screen is a form for a change: of a past moment it is off */
  readonly begins?: boolean;
}

/** What an area of the console brings: its screens, its lines of the rail for those who may see them. */
export interface Area {
  readonly id: string;
  rail(account: Account): readonly RailEntry[];
  /** Routes under the shell (somebody is signed in); each loads its screen when it is first opened. */
  routes(shell: AnyRoute): readonly AnyRoute[];
  /** Routes without rail and top bar (a wall board, a printed page); signed in all the same. */
  bare?(bare: AnyRoute): readonly AnyRoute[];
}
