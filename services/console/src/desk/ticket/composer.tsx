import type { TicketActions, TicketView, TimelineEntry } from "@docket/api-contract";
import { ActionIcon, Button, SegmentedControl, Textarea, Tooltip } from "@mantine/core";
import { forwardRef, memo, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { ApiError } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { allActions } from "../../keys/registry.ts";
import { useStandstill } from "../../live/context.ts";
import { useText } from "../../text/use-text.ts";
import { IconAlert, IconAttachment, IconSend } from "../../ui/icons.ts";
import { messageOf } from "../../ui/states.tsx";
import { AttachedList, pastedFiles, useUploads } from "./attach.tsx";
import { modes, type ModeId } from "./composer-modes.ts";
import { Conflict, meanwhileOf, othersSince, type Meanwhile } from "./conflict.tsx";
import { useDraft } from "./draft.ts";
import { saidText } from "./facts.tsx";
import { sendCommand } from "./ticket-data.ts";
import { gapsIn, TemplateFields } from "./template-fields.tsx";
import { TemplateMenu } from "./template-menu.tsx";
import css from "./ticket.module.css";

export interface ComposerHandle {
  /** begins to write so; gives the field that has the focus then */
  focus(mode: ModeId): HTMLTextAreaElement | null;
}

interface ComposerProps {
  readonly ticket: TicketView;
  readonly actions: TicketActions;
  readonly timeline: readonly TimelineEntry[];
  onWriting(writing: boolean): void;
  onSent(): void;
}

/**
 * Where one writes: to the customer, or for colleagues. What others did since the writing began is shown before anything is sent; a
 * refusal or a lost connection leaves everything as typed.
 */
const ComposerForm = forwardRef<ComposerHandle, ComposerProps>(function ComposerForm(
  { ticket, actions, timeline, onWriting, onSent },
  handle,
) {
  const { t, eventTitle } = useText();
  const { account } = useSession();
  const standstill = useStandstill();
  const [draft, change, clear] = useDraft(account.accountId, ticket.ticketId);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const [refusedFor, setRefusedFor] = useState<readonly Meanwhile[]>([]);
  const [accepted, setAccepted] = useState(-1);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const uploads = useUploads(draft.files, (files) => change({ files }));
  const customer = account.role === "requester";
  const labelOf = (id: ModeId): "composer.message" | `composer.${ModeId}` =>
    customer && id === "reply" ? "composer.message" : `composer.${id}`;
  const [chosen, setChosen] = useState<string | null>(null);
  const offered = modes.filter(
    ({ id, command }) =>
      (customer ? id === "reply" || id === "answer" : id !== "answer") &&
      actions.items.some((item) => item.command === command && (id !== "answer" || item.allowed)),
  );
  // Whoever is asked answers, unless he says that it is something else: a mere message would leave the work waiting.
  const wanted = draft.text !== "" ? draft.mode : (chosen ?? (customer ? "answer" : draft.mode));
  const mode = offered.find(({ id }) => id === wanted) ?? offered[0];
  const item = actions.items.find(({ command }) => command === mode?.command);
  const self = account.staffId ?? account.personId;
  const others =
    draft.base === null ? [] : othersSince(timeline, Math.max(draft.base, accepted), self, eventTitle, saidText);
  const meanwhile = others.length > 0 ? others : refusedFor;
  const key = useMemo(() => crypto.randomUUID(), [draft.text, draft.mode, draft.files, ticket.ticketId]);

  useImperativeHandle(handle, () => ({
    focus: (wanted) => {
      // a customer who is asked goes on answering
      if (!customer) setChosen(wanted);
      change({ mode: wanted });
      area.current?.focus();
      return area.current;
    },
  }));
  const writing = draft.text.trim() !== "";
  useEffect(() => {
    onWriting(writing);
  }, [writing, onWriting]);
  useEffect(() => {
    setError(undefined);
    setRefusedFor([]);
    setAccepted(-1);
  }, [ticket.ticketId]);

  const add = useRef(uploads.add);
  add.current = uploads.add;
  useEffect(() => {
    // A file that is let go a little beside the place for it would take the whole page away: the browser would open it.
    const takes = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files") !== true || event.defaultPrevented) return;
      event.preventDefault();
      // a form over the ticket has files of its own
      if (event.type === "drop" && document.querySelector("[role=dialog][aria-modal=true]") === null)
        void add.current([...event.dataTransfer.files]);
    };
    window.addEventListener("dragover", takes);
    window.addEventListener("drop", takes);
    return () => {
      window.removeEventListener("dragover", takes);
      window.removeEventListener("drop", takes);
    };
  }, []);

  if (mode === undefined || item === undefined) return null;
  const gaps = gapsIn(draft.text);
  const off =
    standstill !== null
      ? t(`action.off.${standstill}`)
      : !item.allowed
        ? (item.reason?.title ?? "")
        : gaps.length > 0
          ? t("composer.missing", { fields: gaps.map((gap) => gap.replace(/^ask:/u, "")).join(", ") })
          : draft.files.length > 0 && !mode.files
            ? t("composer.noFiles")
            : undefined;
  const send = async (next: boolean): Promise<void> => {
    if (off !== undefined || draft.text.trim() === "" || pending) return;
    setPending(true);
    setError(undefined);
    try {
      await sendCommand(
        ticket.ticketId,
        mode.command,
        mode.body(draft.text.trim(), draft.files),
        ticket.revision,
        key,
        account,
      );
      clear();
      // what is said next is a reply again: one question does not make the next word one
      setChosen(null);
      onSent();
      setRefusedFor([]);
      setAccepted(-1);
      if (next)
        allActions()
          .find(({ id }) => id === "list.next")
          ?.run();
    } catch (refusal) {
      if (refusal instanceof ApiError && refusal.code === "stale_revision")
        setRefusedFor(meanwhileOf(refusal.problem, account));
      else setError(refusal);
    } finally {
      setPending(false);
    }
  };
  return (
    <section className={css["composer"]} data-mode={mode.id} aria-label={t("composer.title")}>
      {meanwhile.length === 0 ? null : (
        <Conflict meanwhile={meanwhile}>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              setAccepted(Math.max(ticket.revision, ...meanwhile.map(({ revision }) => revision)));
              setRefusedFor([]);
              area.current?.focus();
            }}
          >
            {t("conflict.seen")}
          </Button>
        </Conflict>
      )}
      <div className={css["composerHead"]}>
        <span className={css["composerKinds"]}>
          <SegmentedControl
            size="xs"
            aria-label={t("composer.kind")}
            value={mode.id}
            onChange={(value) => {
              setChosen(value);
              change({ mode: value });
            }}
            data={offered.map(({ id }) => ({ value: id, label: t(labelOf(id)) }))}
          />
        </span>
        {mode.id === "note" ? <b className={css["noteHint"]}>{t("composer.noteHint")}</b> : null}
        <span className={css["composerTools"]}>
          {customer ? null : (
            <TemplateMenu
              ticket={ticket}
              onFilled={(text) => {
                change({
                  text: draft.text === "" ? text : `${draft.text}\n${text}`,
                  base: draft.base ?? ticket.revision,
                });
                area.current?.focus();
              }}
              onRefused={setError}
            />
          )}
          <Tooltip label={t("files.add")}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("files.add")}
              onClick={() => picker.current?.click()}
            >
              <IconAttachment size={16} />
            </ActionIcon>
          </Tooltip>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            aria-label={t("files.add")}
            onChange={(event) => {
              void uploads.add([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = "";
            }}
          />
        </span>
      </div>
      <Textarea
        ref={area}
        autosize
        minRows={2}
        maxRows={12}
        maxLength={50_000}
        aria-label={t(labelOf(mode.id))}
        placeholder={t(`${labelOf(mode.id)}Hint`)}
        value={draft.text}
        onChange={(event) =>
          change({ text: event.currentTarget.value, base: draft.base ?? ticket.revision, mode: mode.id })
        }
        onPaste={(event) => {
          const files = pastedFiles(event.clipboardData);
          if (files.length === 0) return;
          event.preventDefault();
          void uploads.add(files);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            void send(event.shiftKey);
          } else if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      <AttachedList value={draft.files} onChange={(files) => change({ files })} uploads={uploads} />
      <TemplateFields text={draft.text} onText={(text) => change({ text })} />
      {error === undefined ? null : (
        <p className={css["refusal"]} role="alert">
          <IconAlert size={16} aria-hidden /> {messageOf(error, t("state.unreachableHint"), t("state.unexpected"))}
        </p>
      )}
      <div className={css["composerFoot"]}>
        <span className={css["hint"]} data-off={off !== undefined}>
          {uploads.busy > 0
            ? t("files.uploading")
            : (off ?? (writing ? t("composer.kept") : customer ? "" : t("composer.keys")))}
        </span>
        {customer ? null : (
          <Button
            size="xs"
            variant="default"
            data-send-next
            disabled={off !== undefined || !writing || meanwhile.length > 0 || uploads.busy > 0}
            onClick={() => void send(true)}
          >
            {t("composer.sendNext")}
          </Button>
        )}
        <Button
          size="xs"
          data-send
          leftSection={<IconSend size={14} />}
          loading={pending}
          disabled={off !== undefined || !writing || meanwhile.length > 0 || uploads.busy > 0}
          onClick={() => void send(false)}
        >
          {t(`composer.send.${mode.id}`)}
        </Button>
      </div>
    </section>
  );
});

export const Composer = memo(ComposerForm);
