import { admin } from "../admin/area.ts";
import { audit } from "../audit/area.ts";
import { desk } from "../desk/area.ts";
import { insight } from "../insight/area.ts";
import { ops } from "../ops/area.ts";
import { portal } from "../portal/area.ts";
import type { Area } from "./area.ts";

/** In the order of the rail. */
export const areas: readonly Area[] = [portal, desk, audit, insight, admin, ops];
