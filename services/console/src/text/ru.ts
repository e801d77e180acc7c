import { ru as admin } from "../admin/texts-ru.ts";
import { ru as audit } from "../audit/texts-ru.ts";
import { ru as desk } from "../desk/texts-ru.ts";
import { ru as insight } from "../insight/texts-ru.ts";
import { ru as letters } from "../admin/letters/texts-ru.ts";
import { ru as ops } from "../ops/texts-ru.ts";
import { ru as portal } from "../portal/texts-ru.ts";
import { ru as shell } from "../shell/texts-ru.ts";

/** All Russian texts; each area keeps its own. */
export const ru = { ...shell, ...desk, ...audit, ...insight, ...portal, ...admin, ...letters, ...ops };
