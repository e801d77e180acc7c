import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { addressOf, type Query } from "../api/client.ts";
import { usePages } from "../api/pages.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { SavedScreens } from "../ui/saved-screens.tsx";
import css from "./audit.module.css";

export interface FoundPage<Row> {
  readonly items: readonly Row[];
  readonly nextPage: string | null;
  /** with the first page */
  readonly total?: number;
  readonly totalCapped?: boolean;
}

/** What a search of the auditors finds, by pages, counted as far as the API counts. */
export const useFound = <Row,>(path: string, query: Query): UseInfiniteQueryResult<InfiniteData<FoundPage<Row>>> =>
  usePages<FoundPage<Row>>(path, query, { first: { count: "true" } });

interface FoundHeadProps {
  readonly title: string;
  readonly first: FoundPage<unknown> | undefined;
  readonly path: string;
  readonly query: Query;
  /** how the API names CSV and JSON Lines at this address */
  readonly formats: readonly ["csv", "ndjson" | "jsonl"];
  readonly saved: Pick<React.ComponentProps<typeof SavedScreens>, "area" | "current" | "onOpen">;
}

/** The head of such a search: how much was found, the searches that were saved, and everything found as a file. */
export function FoundHead({ title, first, path, query, formats, saved }: FoundHeadProps): React.ReactNode {
  const { t } = useText();
  return (
    <header className={css["searchHead"]}>
      <h1>{title}</h1>
      {first?.total === undefined ? null : (
        <span className={css["quiet"]} role="status">
          {t("audit.found", { count: numberText(first.total) + (first.totalCapped === true ? "+" : "") } as never)}
        </span>
      )}
      <span className={css["gap"]} />
      <SavedScreens label={t("audit.saved")} {...saved} />
      {formats.map((format) => (
        <a key={format} className={css["export"]} href={addressOf(path, { ...query, format })} download>
          {t(format === "csv" ? "audit.exportCsv" : "audit.exportJsonl")}
        </a>
      ))}
    </header>
  );
}
