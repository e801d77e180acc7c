import { useRef, useState } from "react";
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

interface AttachProps {
  readonly label: string;
  readonly many: boolean;
  readonly value: readonly Attached[];
  onChange(files: readonly Attached[]): void;
}

/** Files of a form: chosen, and listed with a way to drop each. */
export function Attach({ label, many, value, onChange }: AttachProps): React.ReactNode {
  const { t } = useText();
  const uploads = useUploads(value, onChange);
  return (
    <div>
      <label className={css["attach"]}>
        <IconAttachment size={15} aria-hidden />
        <span>{label}</span>
        <input
          type="file"
          className="visually-hidden"
          multiple={many}
          onChange={(event) => {
            void uploads.add([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      <AttachedList value={value} onChange={onChange} uploads={uploads} />
      {uploads.busy > 0 ? <span role="status">{t("files.uploading")}</span> : null}
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
