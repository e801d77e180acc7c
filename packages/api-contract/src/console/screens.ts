import { z } from "zod";
import { filledText, instant, text, uuid } from "@docket/domain";

/** The parts of the console whose screens carry their whole question in their address. */
export const screenAreas = ["dashboard", "report", "what-if", "forecast", "trail", "access"] as const;
export const screenArea = z.enum(screenAreas);

/** Of one account, over all areas; and how many words an address has. */
export const savedScreenLimits = { screens: 100, entries: 40 } as const;

const search = z
  .record(z.string().regex(/^[A-Za-z][A-Za-z0-9.]{0,39}$/), text(500))
  .refine((value) => Object.keys(value).length <= savedScreenLimits.entries, { message: "too_long" });

/** A screen's question under a name; one name stands once for an account in an area. */
export const newScreen = z.strictObject({
  area: screenArea,
  name: filledText(100),
  /** the words of the address, without the moment that is shown */
  search,
  /** for everybody who has the area */
  shared: z.boolean().default(false),
});

export const savedScreen = z
  .strictObject({
    screenId: uuid,
    area: screenArea,
    name: z.string(),
    search,
    shared: z.boolean(),
    own: z.boolean(),
    /** what its owner's account is called; null when it is gone */
    owner: z.string().nullable(),
    updatedAt: instant,
  })
  .meta({ id: "SavedScreen" });
export type SavedScreen = z.infer<typeof savedScreen>;
