import { createReadStream, existsSync, readFileSync } from "node:fs";
import { checkEvidence, type CheckResult, publicKeyOf, refusalText } from "@docket/evidence";
import { CodedError } from "@docket/service-kit";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket check FILE [--key KEY] [OPTION...]

Checks an evidence file off-line, with nothing but the file and the public key: every byte, every event's place in its chain,
every chain's place in the signed tree, every disclosed field. Exit code 1 and the reasons when it is refused.

  --key KEY       public key: a file (PEM), or 64 hex digits. Without it the file is only held against itself.
  --personal      print the personal fields that the file discloses
  --json          the result as JSON
  --lang ru|en    (default en)
  --help          this text

The format: docs/evidence-format.md.
`;

const options = {
  key: { type: "string" },
  personal: { type: "boolean" },
  json: { type: "boolean" },
  lang: { type: "string", default: "en" },
} as const;

await runVerb({ usage, options, words: { min: 1, max: 1 } }, async ({ key, personal, json, lang }, [file = ""]) => {
  if (lang !== "ru" && lang !== "en") throw new CodedError("option_invalid", "--lang is ru or en");
  if (!existsSync(file)) throw new CodedError("file_not_found", `there is no file ${file}`);
  const publicKey = key === undefined ? undefined : publicKeyOf(existsSync(key) ? readFileSync(key, "utf8") : key);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const result = await checkEvidence(createReadStream(file), {
    publicKey,
    ...(personal === true
      ? {
          onField: ({ stream, revision, pointer, text }) =>
            say(
              json === true
                ? JSON.stringify({ stream, revision, pointer, text })
                : `${stream} ${revision} ${pointer}: ${text ?? "-"}`,
            ),
        }
      : {}),
  });
  const { refusals } = result;
  if (json === true)
    say(JSON.stringify({ ...result, refusals: refusals.map((one) => ({ ...one, text: refusalText(one, lang) })) }));
  else {
    for (const one of refusals) say(`${one.code}: ${refusalText(one, lang)}`);
    if (result.exportedAt !== null) summary(result).forEach(say);
    if (result.ok && !result.pinned) say("no --key was given: the file agrees with itself, whoever made it");
    say(result.ok ? "good" : "REFUSED");
  }
  return result.ok ? 0 : 1;
});

function summary({
  tickets,
  events,
  signed,
  checkpoint,
  fields,
  attachments,
  exportedAt,
  signedBy,
}: CheckResult): string[] {
  const by = checkpoint === null ? "no checkpoint" : `checkpoint ${checkpoint.number} of ${checkpoint.at}`;
  return [
    `${tickets} tickets, ${events} events, ${signed} of them signed by ${by}`,
    `${fields.disclosed} personal fields in clear, ${fields.erased} erased before; ` +
      `${attachments.named} files named, ${attachments.enclosed} of them enclosed`,
    `exported ${exportedAt ?? "-"}, signed by ${signedBy.join(", ") || "nobody"}`,
  ];
}
