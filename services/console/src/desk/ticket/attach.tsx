import { useEffect, useRef, useState } from "react";
import { upload } from "../../api/client.ts";
import { sizeText } from "../../text/format.ts";
import { useText } from "../../text/use-text.ts";
import { IconAttachment, IconX } from "../../ui/icons.ts";
import { messageOf } from "../../ui/states.tsx";
import css from "./ticket.module.css";

export interface Attached {
  readonly sha256: string;
  readonly name: string;
  readonly size: number;
  readonly mediaType: string;
}

interface Uploads {
  readonly busy: number;
  readonly error: unknown;
  add(files: Iterable<File>): Promise<void>;
}

/** Uploads files as they come, one after the other, and adds them to what is attached. */
export function useUploads(value: readonly Attached[], onChange: (files: readonly Attached[]) => void): Uploads {
  const [busy, setBusy] = useState(0);
  const [error, setError] = useState<unknown>(undefined);
  const latest = useRef({ value, onChange });
  latest.current = { value, onChange };
  return {
    busy,
    error,
    add: async (files) => {
      setError(undefined);
      for (const file of files) {
        setBusy((count) => count + 1);
        try {
          const kept = await upload<Attached>(file);
          latest.current.onChange([...latest.current.value.filter(({ sha256 }) => sha256 !== kept.sha256), kept]);
        } catch (fault) {
          setError(fault);
        } finally {
          setBusy((count) => count - 1);
        }
      }
    },
  };
}

/** The files of a paste, unless it is words with a picture of them, as sheets and word processors give: then the words are meant. */
export function pastedFiles(data: DataTransfer | null): readonly File[] {
  return data === null || data.types.includes("text/plain") ? [] : [...data.files];
}

interface AttachProps {
  readonly label: string;
  readonly many: boolean;
  readonly value: readonly Attached[];
  onChange(files: readonly Attached[]): void;
}

interface AttachFieldProps extends AttachProps {
  readonly required?: boolean;
  readonly error?: string | undefined;
  /** has the focus as soon as its dialog stands */
  readonly first?: boolean;
  /** while a file is on its way, what is sent would go without it */
  onBusy?(busy: boolean): void;
}

/** Files of a form: chosen, or pasted and dropped anywhere on it; listed with a way to drop each. */
export function Attach({
  label,
  many,
  value,
  onChange,
  required = false,
  error,
  first = false,
  onBusy,
}: AttachFieldProps): React.ReactNode {
  const { t } = useText();
  // where there is one file, another takes its place
  const uploads = useUploads(value, (files) => onChange(many ? files : files.slice(-1)));
  const input = useRef<HTMLInputElement>(null);
  const add = useRef(uploads.add);
  add.current = uploads.add;
  const told = useRef(onBusy);
  told.current = onBusy;
  const busy = uploads.busy > 0;
  useEffect(() => told.current?.(busy), [busy]);
  useEffect(() => {
    // A file that is let go beside the place for it would take the whole page away. Asked before the page below a dialog is.
    const takes = (event: DragEvent | ClipboardEvent): void => {
      if (event.defaultPrevented || input.current?.matches(":disabled, [inert] *") !== false) return;
      if (event.type === "dragover") {
        if ((event as DragEvent).dataTransfer?.types.includes("Files") === true) event.preventDefault();
        return;
      }
      const files =
        event.type === "paste"
          ? pastedFiles((event as ClipboardEvent).clipboardData)
          : [...((event as DragEvent).dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void add.current(files);
    };
    const kinds = ["dragover", "drop", "paste"] as const;
    for (const kind of kinds) window.addEventListener(kind, takes, true);
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, takes, true);
    };
  }, []);
  return (
    <div>
      <label className={css["attach"]}>
        <IconAttachment size={15} aria-hidden />
        <span>
          {label}
          {required ? <span aria-hidden> *</span> : null}
        </span>
        <input
          ref={input}
          type="file"
          className="visually-hidden"
          multiple={many}
          aria-invalid={error === undefined ? undefined : true}
          {...(first ? { "data-autofocus": true } : {})}
          onChange={(event) => {
            void uploads.add([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      <p className={css["attachHint"]}>{t("files.ways")}</p>
      <AttachedList value={value} onChange={onChange} uploads={uploads} />
      {busy ? <span role="status">{t("files.uploading")}</span> : null}
      {error === undefined ? null : (
        <p className={css["refusal"]} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

export function AttachedList({
  value,
  onChange,
  uploads,
}: Omit<AttachProps, "label" | "many"> & { readonly uploads: Uploads }): React.ReactNode {
  const { t } = useText();
  return (
    <>
      {value.length === 0 ? null : (
        <ul className={css["files"]}>
          {value.map((file) => (
            <li key={file.sha256}>
              <IconAttachment size={14} aria-hidden /> {file.name} <span>{sizeText(file.size)}</span>
              <button
                type="button"
                className={css["link"]}
                aria-label={t("files.drop", { name: file.name })}
                onClick={() => onChange(value.filter(({ sha256 }) => sha256 !== file.sha256))}
              >
                <IconX size={13} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      {uploads.error === undefined ? null : (
        <p className={css["refusal"]} role="alert">
          {messageOf(uploads.error, t("state.unreachableHint"), t("state.unexpected"))}
        </p>
      )}
    </>
  );
}
