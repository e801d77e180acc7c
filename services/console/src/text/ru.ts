import { ru as desk } from "../desk/texts-ru.ts";
import { ru as portal } from "../portal/texts-ru.ts";
import { ru as shell } from "../shell/texts-ru.ts";

/** The Russian texts that the first screen may need; each area keeps its own. The others: `later-ru.ts`. */
export const ru = { ...shell, ...desk, ...portal };
