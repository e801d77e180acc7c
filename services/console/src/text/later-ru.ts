import { ru as admin } from "../admin/texts-ru.ts";
import { ru as letters } from "../admin/letters/texts-ru.ts";
import { ru as templates } from "../admin/templates/texts-ru.ts";
import { ru as audit } from "../audit/texts-ru.ts";
import { ru as insight } from "../insight/texts-ru.ts";
import { ru as ops } from "../ops/texts-ru.ts";

/** The Russian texts of administrators, auditors and analysts, fetched with the first of their screens. */
export const ru = { ...admin, ...letters, ...templates, ...audit, ...insight, ...ops };
