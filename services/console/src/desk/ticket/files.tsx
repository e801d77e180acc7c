import { useEffect, useState } from "react";
import { addressOf } from "../../api/client.ts";
import { sizeText } from "../../text/format.ts";
import { useText } from "../../text/use-text.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { IconAttachment } from "../../ui/icons.ts";
import { Failure, Loading } from "../../ui/states.tsx";
import type { FileOf } from "./facts.tsx";
import css from "./ticket.module.css";

const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const canShow = ({ mediaType, name }: FileOf): "picture" | "text" | null =>
  pictures.has(mediaType)
    ? "picture"
    : mediaType.startsWith("text/plain") || /[.](?:log|txt|csv|json)$/iu.test(name)
      ? "text"
      : null;

/** Files to look at here (pictures, plain text) or to take away; nothing of them runs. */
export function Files({ files, at }: { readonly files: readonly FileOf[]; readonly at: string }): React.ReactNode {
  const { t } = useText();
  const [shown, setShown] = useState<FileOf | null>(null);
  return (
    <ul className={css["files"]}>
      {files.map((file) => (
        <li key={file.sha256 + file.name}>
          <IconAttachment size={14} aria-hidden />
          <a href={addressOf(`${at}/attachments/${file.sha256}`)} download={file.name}>
            {file.name}
          </a>
          <span>{sizeText(file.size)}</span>
          {canShow(file) === null ? null : (
            <button type="button" className={css["link"]} onClick={() => setShown(file)}>
              {t("files.show")}
            </button>
          )}
        </li>
      ))}
      {shown === null ? null : (
        <Dialog onClose={() => setShown(null)} title={shown.name} size="xl">
          <Preview file={shown} address={addressOf(`${at}/attachments/${shown.sha256}`)} />
        </Dialog>
      )}
    </ul>
  );
}

function Preview({ file, address }: { readonly file: FileOf; readonly address: string }): React.ReactNode {
  const [content, setContent] = useState<{ readonly url?: string; readonly text?: string } | null>(null);
  const [error, setError] = useState<unknown>(undefined);
  useEffect(() => {
    let url: string | undefined;
    const stop = new AbortController();
    void (async () => {
      try {
        const response = await fetch(address, { signal: stop.signal });
        if (!response.ok) throw new Error(String(response.status));
        const bytes = await response.blob();
        if (canShow(file) === "text") return setContent({ text: (await bytes.text()).slice(0, 200_000) });
        // Our own type, not what the server says: a picture and nothing else.
        url = URL.createObjectURL(new Blob([bytes], { type: file.mediaType }));
        setContent({ url });
      } catch (fault) {
        if (!stop.signal.aborted) setError(fault);
      }
    })();
    return () => {
      stop.abort();
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [address, file]);
  if (error !== undefined) return <Failure error={error} />;
  if (content === null) return <Loading rows={3} />;
  return content.url === undefined ? (
    <pre className={css["preview"]} tabIndex={0}>
      {content.text}
    </pre>
  ) : (
    <img className={css["picture"]} src={content.url} alt={file.name} />
  );
}
