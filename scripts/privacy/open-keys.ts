import { openPrivacy, type Privacy, privacySettings } from "@docket/privacy";
import { commonSettings, loadConfig } from "@docket/service-kit";
import { z } from "zod";

const { DATABASE_URL, DOCKET_DATA } = commonSettings;

/** The key store of the running Docket, or the one that DATABASE_URL and DOCKET_MASTER_KEY name. */
export function openKeys(): Privacy {
  return openPrivacy(loadConfig(z.object({ DATABASE_URL, DOCKET_DATA, ...privacySettings })));
}
