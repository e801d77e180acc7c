import { memo } from "react";
import { useNames, type Names } from "../../api/directory.ts";
import type { TextKey } from "../../text/keys.ts";
import { useText, type Texts } from "../../text/use-text.ts";
import { IconX } from "../../ui/icons.ts";
import css from "./queue.module.css";

type Search = (change: Record<string, string | undefined>) => void;
type Own = Readonly<Record<string, string>>;

interface QueueChipsProps {
  readonly own: Own;
  readonly onSearch: Search;
}

/** What the list is narrowed by, each with a way to drop it. */
export const QueueChips = memo(function QueueChips({ own, onSearch }: QueueChipsProps): React.ReactNode {
  const texts = useText();
  const { t } = texts;
  const names = useNames();
  return (
    <div className={css["chips"]}>
      {Object.entries(own).map(([field, value]) => (
        <span key={field} className={css["chip"]} data-chip={field}>
          {t(`filter.${field}` as TextKey)}: {describeFilter(field, value, texts, names)}
          <button
            type="button"
            aria-label={t("filter.remove", { name: t(`filter.${field}` as TextKey) })}
            onClick={() => onSearch({ [field]: undefined })}
          >
            <IconX size={12} aria-hidden />
          </button>
        </span>
      ))}
    </div>
  );
});

function describeFilter(field: string, value: string, { term }: Texts, names: Names): string {
  return value
    .split(",")
    .map((each) => {
      if (field === "organizationId") return names.organization(each);
      if (field === "engineerId") return each === "none" ? "–" : names.person(each);
      if (field === "groupId") return names.group(each);
      const group = {
        status: "ticketStatus",
        type: "ticketType",
        priority: "priority",
        line: "line",
        channel: "channel",
        reactionState: "clockState",
        resolutionState: "clockState",
      }[field];
      return group === undefined ? each : term(group, each);
    })
    .join(", ");
}
