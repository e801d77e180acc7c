import {
  addSigningKey,
  checkpoints,
  keyStatements,
  makeCheckpoint,
  retireSigningKey,
  signingKeys,
  signingSettings,
} from "@docket/audit";
import { publicKeyPem } from "@docket/evidence";
import { createPool } from "@docket/postgres";
import { clockFromConfig, commonSettings, loadConfig } from "@docket/service-kit";
import { z } from "zod";
import { openStoreForPeople } from "./trail/open-store.ts";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket checkpoint [OPTION]

Signs the state of the whole log now: the ends of all hash chains, folded into one root (docs/auditors.md). The clockwork does the
same by itself every DOCKET_CHECKPOINT_MINUTES.

  --list          the checkpoints so far
  --public-key    the public keys that sign, current one first, as PEM: give them to whoever is to check
  --rotate        a new current key; the older ones sign beside it until they are retired
  --retire KEY    a key signs no more (its id, as --list shows it)
  --help          this text

Keys are those of DOCKET_SIGNING_KEYS, or of the data folder (keys/signing-*.pem, readable by their owner alone).
`;

const options = {
  list: { type: "boolean" },
  "public-key": { type: "boolean" },
  rotate: { type: "boolean" },
  retire: { type: "string" },
} as const;

await runVerb({ usage, options }, async (values) => {
  const { EVENTSTORE_URL, DATABASE_URL, DOCKET_DATA, DOCKET_CLOCK } = commonSettings;
  const settings = loadConfig(z.object({ DOCKET_DATA, ...signingSettings }));
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (values.rotate === true) return say(`${addSigningKey(settings).key} signs from the next checkpoint on`);
  if (values.retire !== undefined) return retireSigningKey(settings, values.retire);
  if (values["public-key"] === true) {
    for (const { publicKey } of signingKeys(settings, { make: true })) process.stdout.write(publicKeyPem(publicKey));
    return;
  }
  const config = loadConfig(z.object({ EVENTSTORE_URL, DATABASE_URL, DOCKET_CLOCK }));
  const { store, close } = openStoreForPeople();
  const pool = createPool(config.DATABASE_URL, { max: 2, name: "docket checkpoint" });
  try {
    if (values.list === true) {
      for (const { data } of await keyStatements(store)) say(`key ${data.key} ${data.publicKey}`);
      for (const { data } of await checkpoints(store))
        say(
          `${data.number} ${data.at} ${data.streams} chains ${data.root} by ${data.signatures.map(({ key }) => key).join(", ")}`,
        );
      return;
    }
    const keys = signingKeys(settings, { make: true });
    const clock = clockFromConfig(config.DOCKET_CLOCK);
    const { made, checkpoint } = await makeCheckpoint({ pool, store, clock, keys });
    if (checkpoint === null) say("nothing was recorded yet");
    else if (!made) say(`nothing was recorded since checkpoint ${checkpoint.number}`);
    else say(`checkpoint ${checkpoint.number}: ${checkpoint.streams} chains, root ${checkpoint.root}`);
    return checkpoint !== null && made && checkpoint.faults.length > 0 ? 1 : 0;
  } finally {
    await Promise.all([close(), pool.end()]);
  }
});
