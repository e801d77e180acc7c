import { openEventStore } from "@docket/event-store";
import type { Program } from "@docket/projection-engine";
import { commonSettings, loadConfig } from "@docket/service-kit";
import { z } from "zod";
import { readModels } from "./read-models.ts";

/*
 * What every thread that folds has to have: the read models, and how events come to their present form. The threads of a rebuild import
 * this module by its address (see Program). So whatever the events need to be read (keys, a codec) is opened here, for all who fold.
 */

export const projections: Program["projections"] = readModels;

export const openDecode: NonNullable<Program["openDecode"]> = async () => {
  const { EVENTSTORE_URL } = loadConfig(z.object(commonSettings));
  const store = openEventStore(EVENTSTORE_URL);
  return { decode: (events) => store.facts(events), close: () => store.close() };
};
