import type { EvidenceCheck } from "@docket/api-contract";
import { FileInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { post } from "../api/client.ts";
import { numberText, sizeText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { IconAlert, IconCheck, IconMinus } from "../ui/icons.ts";
import { Moment } from "../ui/moment.tsx";
import css from "./audit.module.css";
import { checksOf } from "./checks.ts";
import { keyOfText } from "./public-key.ts";

/** A file that somebody brings, held against a public key: every check with its result, and why it fails. */
export function CheckFile(): React.ReactNode {
  const { t } = useText();
  const [file, setFile] = useState<File>();
  const [keyText, setKeyText] = useState("");
  const [result, setResult] = useState<EvidenceCheck>();
  const [over, setOver] = useState(false);
  const key = keyText.trim() === "" ? undefined : keyOfText(keyText);
  const take = (brought: File | null): void => {
    setFile(brought ?? undefined);
    setResult(undefined);
  };
  const off = file === undefined ? t("audit.noFile") : key === null ? t("audit.badKey") : undefined;
  return (
    <div
      className={css["drop"]}
      data-past-too
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0] ?? null);
      }}
    >
      <div className={css["bring"]}>
        <FileInput
          size="xs"
          label={t("audit.file")}
          description={t("audit.fileHint")}
          placeholder={t("audit.noFile")}
          accept=".html,.evidence,text/html"
          clearable
          clearButtonProps={{ "aria-label": t("audit.clear") }}
          value={file ?? null}
          onChange={take}
        />
        <TextInput
          size="xs"
          label={t("audit.otherKey")}
          description={t("audit.otherKeyHint")}
          value={keyText}
          error={key === null ? t("audit.badKey") : undefined}
          onChange={(event) => setKeyText(event.currentTarget.value)}
        />
        <CommandButton
          timeless
          off={off}
          run={async () =>
            setResult(await post<EvidenceCheck>("/evidence/checks", file, { query: { key }, timeless: true }))
          }
        >
          {t("audit.checkNow")}
        </CommandButton>
      </div>
      {file === undefined ? null : (
        <p className={css["quiet"]}>
          {file.name}, {sizeText(file.size)}
        </p>
      )}
      {result === undefined ? null : <Checked result={result} />}
    </div>
  );
}

const icons = { passed: IconCheck, failed: IconAlert, nothing: IconMinus } as const;

function Checked({ result }: { readonly result: EvidenceCheck }): React.ReactNode {
  const { t } = useText();
  const { ok, tickets, events, signed, checkpoint, exportedAt, scope, key, sha256 } = result;
  const Verdict = ok ? IconCheck : IconAlert;
  return (
    <div className={css["checked"]} role="status">
      <p className={css["verdict"]} data-good={ok}>
        <Verdict size={18} aria-hidden />
        <b>{t(ok ? "audit.good" : "audit.refused")}</b>
      </p>
      <ul className={css["checks"]} aria-label={t("audit.checks")}>
        {checksOf(result).map(({ name, result: outcome, reasons }) => {
          const Icon = icons[outcome];
          return (
            <li key={name} data-result={outcome}>
              <Icon size={16} aria-hidden />
              <span>
                {t(`audit.checks.${name}`)}: <b>{t(`audit.check.${outcome}`)}</b>
                {reasons.length === 0 ? null : (
                  <ul className={css["findings"]}>
                    {reasons.map(({ code, text }, index) => (
                      <li key={`${code}${index}`}>
                        {text} <code>{code}</code>
                      </li>
                    ))}
                  </ul>
                )}
              </span>
            </li>
          );
        })}
      </ul>
      <dl className={css["pairs"]}>
        <dt>{t("audit.inFile")}</dt>
        <dd>
          {t("audit.inFileSum", {
            tickets: numberText(tickets),
            events: numberText(events),
            signed: numberText(signed),
          })}
        </dd>
        <dt>{t("audit.scope")}</dt>
        <dd>{scope ?? "–"}</dd>
        <dt>{t("audit.exportedAt")}</dt>
        <dd>{exportedAt === null ? "–" : <Moment at={exportedAt} />}</dd>
        <dt>{t("audit.checkpoint")}</dt>
        <dd>
          {checkpoint === null ? (
            "–"
          ) : (
            <>
              {t("audit.checkpointOf", { number: checkpoint.number })} <Moment at={checkpoint.at} />
            </>
          )}
        </dd>
        <dt>SHA-256</dt>
        <dd className={css["mono"]}>{sha256}</dd>
        <dt>{t("audit.heldAgainst")}</dt>
        <dd>
          <code>{key.publicKey.slice(0, 16)}…</code> {t(key.given ? "audit.givenKey" : "audit.ownKey")}
        </dd>
      </dl>
    </div>
  );
}
