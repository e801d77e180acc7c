import type { ReplyTemplate } from "@docket/api-contract";
import { useMoment, useRead } from "../../moment/moment.ts";
import { useText } from "../../text/use-text.ts";
import { Moment } from "../../ui/moment.tsx";
import { BeginButton } from "../../ui/only-now.tsx";
import { Shown } from "../../ui/shown.tsx";
import admin from "../admin.module.css";
import css from "./templates.module.css";

interface HistoryProps {
  readonly templateId: string;
  /** an earlier text is to be gone on with */
  readonly onTake: (body: string) => void;
}

/** Every version of a text, newest first: by whom, when, what was changed, and its words. */
export function TemplateHistory({ templateId, onTake }: HistoryProps): React.ReactNode {
  const { t } = useText();
  const { asOf } = useMoment();
  const history = useRead<{ items: readonly ReplyTemplate[] }>(`/templates/${templateId}/history`, { timeless: true });
  return (
    <section className={admin["section"]} aria-labelledby="template-history">
      <h2 id="template-history">{t("admin.history")}</h2>
      <Shown of={history} rows={3}>
        {({ items }) => (
          <ol className={admin["facts"]}>
            {items.map((version, at) =>
              asOf !== null && version.changedAt > asOf ? null : (
                <li key={version.revision} data-version={version.revision + 1}>
                  <div className={css["version"]}>
                    <b>{t("templates.version", { version: version.revision + 1 })}</b> · {version.changedBy.name} ·{" "}
                    <Moment at={version.changedAt} />
                    <Changes version={version} before={items[at + 1]} />
                  </div>
                  <details>
                    <summary>{t("templates.words", { version: version.revision + 1 })}</summary>
                    <div className={css["filled"]}>{version.body}</div>
                    {at === 0 ? null : (
                      <BeginButton size="compact-xs" variant="default" onClick={() => onTake(version.body)}>
                        {t("templates.takeWords")}
                      </BeginButton>
                    )}
                  </details>
                </li>
              ),
            )}
          </ol>
        )}
      </Shown>
    </section>
  );
}

/** What a version changed of the one before. */
function Changes(props: {
  readonly version: ReplyTemplate;
  readonly before: ReplyTemplate | undefined;
}): React.ReactNode {
  const { version, before } = props;
  const { t } = useText();
  if (before === undefined) return <span className={css["change"]}>{t("templates.made")}</span>;
  const said = (one: ReplyTemplate) =>
    ({
      name: one.name,
      language: t(one.language === "ru" ? "admin.russian" : "admin.english"),
      kind: t(`templates.kind.${one.kind}`),
      inUse: t(one.active ? "admin.yes" : "admin.no"),
    }) as const;
  const [old, next] = [said(before), said(version)];
  return (
    <>
      {(["name", "language", "kind", "inUse"] as const)
        .filter((part) => old[part] !== next[part])
        .map((part) => (
          <span key={part} className={css["change"]}>
            {t(`templates.${part}`)}: {old[part]} → {next[part]}
          </span>
        ))}
      {before.body === version.body ? null : <span className={css["change"]}>{t("templates.bodyChanged")}</span>}
    </>
  );
}
