import type { FastifyInstance } from "fastify";
import { auditRoutes, type EvidenceCheck } from "@docket/api-contract";
import { keyStatements } from "@docket/audit";
import type { Language, Text } from "@docket/domain";
import { checkEvidence, keyIdOf, type CheckResult, type RefusalCode, refusalText } from "@docket/evidence";
import { languageFor } from "../http/language.ts";
import { Refusal } from "../http/refusal.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";

type Check = EvidenceCheck["checks"][number]["name"];

/** What is checked, in the order in which it is told; each with the faults that it can find. */
const checks: Readonly<Record<Check, { readonly title: Text; readonly codes: readonly RefusalCode[] }>> = {
  seal: {
    title: { ru: "Каждый байт файла — тот, что подписан", en: "Every byte of the file is the one that was signed" },
    codes: ["format_unknown", "evidence_truncated", "evidence_altered"],
  },
  form: {
    title: { ru: "Все записи на месте и читаются", en: "All records are there, and can be read" },
    codes: ["not_utf8", "record_malformed", "record_misplaced", "count_differs"],
  },
  signatures: {
    title: {
      ru: "Файл и контрольная точка подписаны доверенным ключом",
      en: "The file and its checkpoint are signed by a trusted key",
    },
    codes: ["signature_invalid", "signed_by_another_key", "key_mislabelled"],
  },
  chains: {
    title: { ru: "Каждое событие продолжает предыдущее", en: "Each event follows the one before it" },
    codes: ["chain_altered", "chain_broken_link", "chain_gap"],
  },
  tree: {
    title: {
      ru: "События — те, что подписала контрольная точка",
      en: "The events are those that the checkpoint signed",
    },
    codes: ["proof_invalid", "head_differs", "events_missing"],
  },
  page: {
    title: { ru: "Видимая страница — та, что выгружена", en: "The page that people see is the one that was exported" },
    codes: ["page_altered"],
  },
  disclosures: {
    title: {
      ru: "Раскрытые личные данные — те, что записаны",
      en: "The personal data that it discloses are those that were recorded",
    },
    codes: ["disclosure_invalid"],
  },
  attachments: {
    title: { ru: "Вложенные файлы — те, что были приложены", en: "The files within are those that were attached" },
    codes: ["attachment_altered"],
  },
};

/** Anybody's evidence file is held against this Docket's first key, or one that is given. Nothing of the file is kept. */
export function serveEvidenceCheck(app: FastifyInstance, serving: Serving): void {
  const { store } = serving.deps;

  void app.register(async (uploads) => {
    uploads.removeAllContentTypeParsers();
    uploads.addContentTypeParser("*", (_request, payload, done) => done(null, payload));

    serving.serve(uploads, auditRoutes.checkEvidence, {}, async ({ caller, query, request }) => {
      demand(caller, { do: "audit" });
      if (request.body === undefined || request.body === null)
        throw new Refusal("attachment_missing", { field: "file" });
      const own = (await keyStatements(store))[0]?.data.publicKey;
      const key = query.key ?? own;
      if (key === undefined) throw new Refusal("signing_key_missing");
      let fields = 0;
      const result = await checkEvidence(request.body as AsyncIterable<Uint8Array>, {
        publicKey: key,
        onField: () => fields++,
      });
      return {
        ...told(result, fields, query.lang ?? languageFor(request, caller)),
        key: keyIdOf(key),
        ownKey: key === own,
      };
    });
  });
}

function told(result: CheckResult, fields: number, language: Language): Omit<EvidenceCheck, "key" | "ownKey"> {
  const { refusals, ok, pinned: _pinned, ...facts } = result;
  // Without its header nothing of a file can be checked.
  const read = result.scope !== null || result.exportedAt !== null;
  const there: Readonly<Partial<Record<Check, boolean>>> = {
    tree: result.signed > 0,
    disclosures: fields > 0,
    attachments: result.files > 0,
  };
  return {
    ...facts,
    signedBy: [...result.signedBy],
    good: ok,
    checks: (Object.keys(checks) as Check[]).map((name) => {
      const { title, codes } = checks[name];
      const reasons = refusals.filter(({ code }) => codes.includes(code));
      const passed = read && there[name] !== false;
      return {
        name,
        title: title[language],
        result: reasons.length > 0 ? ("failed" as const) : passed ? ("passed" as const) : ("nothing" as const),
        reasons: reasons.map((one) => ({ code: one.code, text: refusalText(one, language), params: one.params })),
      };
    }),
  };
}
