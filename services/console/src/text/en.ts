import { en as desk } from "../desk/texts-en.ts";
import { en as portal } from "../portal/texts-en.ts";
import { en as shell } from "../shell/texts-en.ts";

/** The English texts that the first screen may need; each area keeps its own. The others: `later-en.ts`. */
export const en = { ...shell, ...desk, ...portal };
