import { en as admin } from "../admin/texts-en.ts";
import { en as letters } from "../admin/letters/texts-en.ts";
import { en as templates } from "../admin/templates/texts-en.ts";
import { en as audit } from "../audit/texts-en.ts";
import { en as insight } from "../insight/texts-en.ts";
import { en as ops } from "../ops/texts-en.ts";

/** The English texts of administrators, auditors and analysts, fetched with the first of their screens. */
export const en = { ...admin, ...letters, ...templates, ...audit, ...insight, ...ops };
