import type { ReplyTemplate } from "@docket/api-contract";
import { Checkbox } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useRead } from "../../moment/moment.ts";
import { Table } from "../../ops/table.tsx";
import { useText } from "../../text/use-text.ts";
import { Moment } from "../../ui/moment.tsx";
import { BeginButton } from "../../ui/only-now.tsx";
import { Shown } from "../../ui/shown.tsx";
import { Empty } from "../../ui/states.tsx";
import { Timeless } from "../../ui/timeless.tsx";
import admin from "../admin.module.css";
import { TemplateEditor } from "./template-editor.tsx";

interface Place {
  /** id of the one that is looked at, or `new` */
  readonly template?: string;
  readonly retired?: boolean;
}

/** Texts for answers that all staff share: the list, or one of them as the address names it. */
export function TemplatesScreen(): React.ReactNode {
  const { t } = useText();
  const { template: wanted } = useSearch({ strict: false }) as Place;
  const templates = useRead<{ items: readonly ReplyTemplate[] }>("/templates", {
    query: { all: true },
    timeless: true,
  });
  useEffect(() => {
    document.title = `${t("templates.title")} · Docket`;
  }, [t]);
  return (
    <div className={admin["page"]}>
      <Shown of={templates} rows={8}>
        {({ items }) => {
          if (wanted === undefined) return <List items={items} />;
          const chosen = items.find(({ templateId }) => templateId === wanted);
          return chosen === undefined && wanted !== "new" ? (
            <Empty title={t("templates.unknown")}>
              <ToAll />
            </Empty>
          ) : (
            <>
              <ToAll />
              <TemplateEditor key={wanted} template={chosen} />
            </>
          );
        }}
      </Shown>
    </div>
  );
}

/** Back to the list. */
function ToAll(): React.ReactNode {
  const { t } = useText();
  return (
    <p>
      <Link to="/admin/templates" search={((before: object) => ({ ...before, template: undefined })) as never}>
        {t("templates.all")}
      </Link>
    </p>
  );
}

function List({ items }: { readonly items: readonly ReplyTemplate[] }): React.ReactNode {
  const { t } = useText();
  const navigate = useNavigate();
  const { retired = false } = useSearch({ strict: false }) as Place;
  const at = (change: Place) =>
    ({ to: ".", search: ((before: object) => ({ ...before, ...change })) as never }) as const;
  const isRetired = items.some(({ active }) => !active);
  const rows = items.filter(({ active }) => active || retired);
  return (
    <>
      <header className={admin["head"]}>
        <h1>{t("templates.title")}</h1>
        {isRetired ? (
          <Checkbox
            size="xs"
            label={t("templates.showRetired")}
            checked={retired}
            onChange={(event) => void navigate(at({ retired: event.currentTarget.checked || undefined } as Place))}
          />
        ) : null}
        <BeginButton onClick={() => void navigate(at({ template: "new" }))}>{t("templates.new")}</BeginButton>
      </header>
      <p>{t("templates.hint")}</p>
      <Timeless />
      {items.length === 0 ? (
        <Empty title={t("templates.none")} hint={t("templates.noneHint")} />
      ) : (
        <Table
          title={t("templates.list")}
          none={t("templates.noneInUse")}
          heads={[
            t("templates.name"),
            t("templates.language"),
            t("templates.kind"),
            t("templates.inUse"),
            t("templates.changedAt"),
            t("templates.changedBy"),
          ]}
          rows={rows.map(({ templateId, name, language, kind, active, changedAt, changedBy }) => [
            <Link key="name" {...at({ template: templateId })}>
              {name}
            </Link>,
            t(language === "ru" ? "admin.russian" : "admin.english"),
            t(`templates.kind.${kind}`),
            t(active ? "admin.yes" : "admin.no"),
            <Moment key="at" at={changedAt} />,
            changedBy.name,
          ])}
        />
      )}
    </>
  );
}
