import { openEventStore } from "@docket/event-store";
import { openPrivacy, privacySettings } from "@docket/privacy";
import type { Program } from "@docket/projection-engine";
import { commonSettings, loadConfig } from "@docket/service-kit";
import { z } from "zod";
import { readModels } from "./read-models.ts";

/*
 * What every thread that folds has to have: the read models, and how events come to their present form. The threads of a rebuild import
 * this module by its address (see Program). So whatever the events need to be read (keys, a codec) is opened here, for all of them.
 */

export const projections: Program["projections"] = readModels;

export const openDecode: NonNullable<Program["openDecode"]> = async () => {
  const config = loadConfig(z.object({ ...commonSettings, ...privacySettings }));
  const privacy = openPrivacy(config, { lazy: true });
  const store = openEventStore(config.EVENTSTORE_URL, { codec: privacy.codec });
  return {
    decode: (events) => store.facts(events),
    close: async () => {
      await store.close();
      await privacy.close();
    },
  };
};
