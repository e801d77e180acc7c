import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { chmod, rename } from "node:fs/promises";
import { exportSubject, findSubject } from "@docket/privacy";
import { CodedError } from "@docket/service-kit";
import { openStoreForPeople } from "../trail/open-store.ts";
import { runVerb } from "../verb.ts";

const usage = `scripts/docket subject SUBJECT --out FILE [OPTION...]

Writes everything that is held about one person to a file, as JSON: his texts in every fact (with names of fields and events in
Russian and English), his files with their bytes, mails that were sent to him or about his tickets, his accounts. SUBJECT as for
scripts/docket forget.

  --out FILE    where to write; made readable by you only
  --no-bytes    list the files without their bytes
  --help        this text

Exit code 0 done; 1 failed (nobody is known by this name: subject_unknown); 2 wrong use.
`;

const options = { out: { type: "string" }, "no-bytes": { type: "boolean" } } as const;

await runVerb({ usage, options, words: { min: 1, max: 1 } }, async ({ out, "no-bytes": noBytes }, [subject = ""]) => {
  if (out === undefined) throw new CodedError("option_invalid", "--out FILE says where to write");
  const { store, privacy, close } = openStoreForPeople();
  if (privacy === undefined) throw new CodedError("config_invalid", "DATABASE_URL is not set");
  try {
    const held = exportSubject(privacy, store, await findSubject(privacy.vault, subject), new Date());
    const part = `${out}.part`;
    const file = createWriteStream(part, { mode: 0o600 });
    const write = async (text: string): Promise<void> => {
      if (!file.write(text)) await once(file, "drain");
    };
    let events = 0;
    await write(`${JSON.stringify(held.head).slice(0, -1)},\n"events":[`);
    for await (const event of held.events()) await write(`${events++ === 0 ? "\n" : ",\n"}${JSON.stringify(event)}`);
    const files = await held.files();
    await write(`],\n"files":[`);
    for (const [index, each] of files.entries()) {
      const bytes = noBytes === true ? undefined : await held.bytesOf(each.sha256);
      const shown = bytes === undefined ? each : { ...each, base64: bytes.toString("base64") };
      await write(`${index === 0 ? "\n" : ",\n"}${JSON.stringify(shown)}`);
    }
    const mails = await held.mails();
    await write(`],\n"mails":${JSON.stringify(mails)},\n"accounts":${JSON.stringify(await held.accounts())}}\n`);
    file.end();
    await once(file, "finish");
    await chmod(part, 0o600);
    await rename(part, out);
    process.stdout.write(`${out}: ${events} events, ${files.length} files, ${mails.length} mails\n`);
    return 0;
  } finally {
    await close();
  }
});
