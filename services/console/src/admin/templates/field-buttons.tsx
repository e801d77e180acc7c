import type { TemplateField } from "@docket/api-contract";
import { useText } from "../../text/use-text.ts";
import letters from "../letters/letters.module.css";

const fields: readonly TemplateField[] = [
  "requester.name",
  "organization.name",
  "ticket.number",
  "ticket.subject",
  "ticket.product",
  "engineer.name",
  "deadline",
  "me.name",
];

/** What a ticket can fill into a text, put where the text's cursor stands; and a place for what only a person knows. */
export function FieldButtons({
  into,
}: {
  readonly into: React.RefObject<HTMLTextAreaElement | null>;
}): React.ReactNode {
  const { t } = useText();
  const insert = (text: string, chosen?: string): void => {
    const area = into.current;
    if (area === null) return;
    area.focus();
    const from = area.selectionStart;
    area.setRangeText(text, from, area.selectionEnd, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true, data: text, inputType: "insertText" }));
    if (chosen === undefined) return;
    const begin = from + text.indexOf(chosen);
    area.setSelectionRange(begin, begin + chosen.length);
  };
  const what = t("templates.askWhat");
  return (
    <div className={letters["placeholders"]} role="group" aria-label={t("templates.insert")}>
      {fields.map((name) => (
        <button key={name} type="button" title={`{{${name}}}`} onClick={() => insert(`{{${name}}}`)}>
          {t(`templates.field.${name}`)}
        </button>
      ))}
      <button type="button" title={`{{ask:${what}}}`} onClick={() => insert(`{{ask:${what}}}`, what)}>
        {t("templates.ask")}
      </button>
    </div>
  );
}
