import { journal, tally } from "./tally.ts";

/** What the threads of a rebuild import in tests (see Program). */
export const projections = [journal, tally()];
