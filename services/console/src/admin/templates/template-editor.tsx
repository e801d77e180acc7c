import type { ReplyTemplate } from "@docket/api-contract";
import { Button, Select, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { patch, post } from "../../api/client.ts";
import { ApiError } from "../../api/problem.ts";
import { queryClient } from "../../api/query-client.ts";
import { useText } from "../../text/use-text.ts";
import { CommandButton } from "../../ui/command-button.tsx";
import { Moment } from "../../ui/moment.tsx";
import { OnlyNow } from "../../ui/only-now.tsx";
import { Timeless } from "../../ui/timeless.tsx";
import admin from "../admin.module.css";
import { forgetKept, keptValues, keepValues } from "../forms/kept.ts";
import { EditorHead, useTriedTicket } from "../letters/editor-head.tsx";
import { FieldButtons } from "./field-buttons.tsx";
import { TemplateHistory } from "./template-history.tsx";
import { TemplatePreview } from "./template-preview.tsx";
import css from "./templates.module.css";

type Words = Pick<ReplyTemplate, "name" | "language" | "kind" | "body">;
/** What is typed, and on which version it was begun. */
type Typed = Words & { readonly revision: number };

const kinds = ["reply", "question", "solution", "note"] as const;
const wordsOf = ({ name, language, kind, body }: Words): Words => ({ name, language, kind, body });

/**
 * One text for answers: its words, the answer that they make of a ticket, its versions. Without a template it makes a new one. What is
 * typed stays while somebody else changes the same text: he who types is told, and chooses which of both goes on.
 */
export function TemplateEditor({ template: read }: { readonly template: ReplyTemplate | undefined }): React.ReactNode {
  const { t, language: own } = useText();
  const navigate = useNavigate();
  const ticket = useTriedTicket();
  // What was written here is known before it is read again: the next step begins on it.
  const [written, setWritten] = useState<ReplyTemplate>();
  const template = written !== undefined && read !== undefined && written.revision > read.revision ? written : read;
  const place = `template ${template?.templateId ?? "new"}`;
  const saved: Typed =
    template === undefined
      ? { name: "", language: own, kind: "reply", body: "", revision: 0 }
      : { ...wordsOf(template), revision: template.revision };
  const [kept, setKept] = useState<Partial<Typed>>(() => keptValues(place) as Partial<Typed>);
  const typed: Typed = { ...saved, ...kept };
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const area = useRef<HTMLTextAreaElement>(null);
  const [tried] = useDebouncedValue(typed.body, 400);
  const key = useMemo(() => crypto.randomUUID(), [JSON.stringify(typed)]);
  const write = (part: Partial<Typed>): void =>
    setKept((before) => {
      const next = { ...before, revision: typed.revision, ...part };
      keepValues(place, next);
      return next;
    });
  const forget = (): void => {
    forgetKept(place);
    setKept({});
  };
  const send = async (change: object): Promise<ReplyTemplate> => {
    setFaults(new Map());
    try {
      if (template === undefined) return await post<ReplyTemplate>("/templates", change, { idempotencyKey: key });
      const { revision } = typed;
      const next = await patch<ReplyTemplate>(`/templates/${template.templateId}`, { ...change, revision });
      write({ revision: next.revision });
      setWritten(next);
      return next;
    } catch (refusal) {
      if (refusal instanceof ApiError) setFaults(refusal.fields);
      throw refusal;
    } finally {
      // also after a refusal: somebody else may have changed it
      await queryClient.invalidateQueries({ queryKey: ["templates"] });
    }
  };
  const meanwhile = template !== undefined && template.revision > typed.revision ? template : undefined;
  const isSame = JSON.stringify(wordsOf(typed)) === JSON.stringify(wordsOf(saved));
  const missing = (["name", "body"] as const).filter((part) => typed[part].trim() === "");
  const off =
    missing.length > 0
      ? t("admin.missing", { fields: missing.map((part) => t(`templates.${part}`)).join(", ") })
      : meanwhile !== undefined
        ? t("templates.meanwhileFirst")
        : template !== undefined && isSame
          ? t("templates.unchanged")
          : null;
  const title = template?.name ?? t("templates.new");
  return (
    <>
      <EditorHead title={title} ticket={ticket} />
      <p>{t(template?.active === false ? "templates.retiredHint" : "templates.fieldsHint")}</p>
      <Timeless />
      <OnlyNow>
        <form className={css["editor"]} aria-label={title} onSubmit={(event) => event.preventDefault()}>
          <div className={css["words"]}>
            <div className={admin["inputs"]}>
              <TextInput
                size="xs"
                withAsterisk
                label={t("templates.name")}
                maxLength={100}
                error={faults.get("name")}
                value={typed.name}
                onChange={(event) => write({ name: event.currentTarget.value })}
              />
              <Select
                size="xs"
                label={t("templates.language")}
                allowDeselect={false}
                data={[
                  { value: "ru", label: t("admin.russian") },
                  { value: "en", label: t("admin.english") },
                ]}
                error={faults.get("language")}
                value={typed.language}
                onChange={(next) => write({ language: (next as Words["language"] | null) ?? typed.language })}
              />
              <Select
                size="xs"
                label={t("templates.kind")}
                allowDeselect={false}
                data={kinds.map((value) => ({ value, label: t(`templates.kind.${value}`) }))}
                error={faults.get("kind")}
                value={typed.kind}
                onChange={(next) => write({ kind: (next as Words["kind"] | null) ?? typed.kind })}
              />
            </div>
            <Textarea
              ref={area}
              size="xs"
              withAsterisk
              autosize
              minRows={8}
              maxRows={24}
              maxLength={50_000}
              label={t("templates.body")}
              error={faults.get("body")}
              value={typed.body}
              onChange={(event) => write({ body: event.currentTarget.value })}
            />
            <FieldButtons into={area} />
            {meanwhile === undefined ? null : (
              <div className={css["meanwhile"]} role="alert">
                <p>
                  {t("templates.meanwhile", { name: meanwhile.changedBy.name })} <Moment at={meanwhile.changedAt} />
                </p>
                <div className={admin["verbs"]}>
                  <Button size="xs" variant="default" onClick={() => write({ revision: meanwhile.revision })}>
                    {t("templates.keepMine")}
                  </Button>
                  <Button size="xs" variant="default" onClick={forget}>
                    {t("templates.takeTheirs")}
                  </Button>
                </div>
              </div>
            )}
            <div className={admin["verbs"]}>
              <CommandButton
                type="submit"
                off={off}
                run={async () => {
                  const { templateId } = await send(wordsOf(typed));
                  forget();
                  if (template === undefined)
                    void navigate({
                      to: ".",
                      search: ((before: object) => ({ ...before, template: templateId })) as never,
                    });
                }}
              >
                {t(template === undefined ? "templates.create" : "templates.save")}
              </CommandButton>
              {template === undefined ? null : (
                <CommandButton
                  variant="default"
                  off={meanwhile === undefined ? null : t("templates.meanwhileFirst")}
                  run={async () => {
                    await send({ active: !template.active });
                    if (isSame) forget();
                  }}
                >
                  {t(template.active ? "templates.retire" : "templates.restore")}
                </CommandButton>
              )}
              {isSame ? null : (
                <Button size="xs" variant="subtle" color="gray" onClick={forget}>
                  {t("templates.discard")}
                </Button>
              )}
            </div>
          </div>
          <TemplatePreview language={typed.language} body={tried} ticket={ticket} />
        </form>
      </OnlyNow>
      {template === undefined ? null : (
        <TemplateHistory templateId={template.templateId} onTake={(body) => write({ body })} />
      )}
    </>
  );
}
