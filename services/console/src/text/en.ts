import { en as admin } from "../admin/texts-en.ts";
import { en as audit } from "../audit/texts-en.ts";
import { en as desk } from "../desk/texts-en.ts";
import { en as insight } from "../insight/texts-en.ts";
import { en as letters } from "../admin/letters/texts-en.ts";
import { en as ops } from "../ops/texts-en.ts";
import { en as portal } from "../portal/texts-en.ts";
import { en as shell } from "../shell/texts-en.ts";

/** All English texts; each area keeps its own. */
export const en = { ...shell, ...desk, ...audit, ...insight, ...portal, ...admin, ...letters, ...ops };
