import { useText } from "../text/use-text.ts";
import { IconAlert } from "./icons.ts";
import { Moment } from "./moment.tsx";
import { Failure, Loading } from "./states.tsx";
import css from "./ui.module.css";

/** A question and what is known of its answer; of one page or of many. */
export interface Asked<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isError: boolean;
  /** when the answer that is shown came, ms */
  readonly dataUpdatedAt: number;
  refetch(): unknown;
}

interface ShownProps<T> {
  readonly of: Asked<T>;
  /** as many bars as rows are expected */
  readonly rows?: number;
  readonly children: (data: T) => React.ReactNode;
}

/**
 * What an answer gives to see. States: *loading* until the first answer -> *shown*; *failed* when there never was one. An answer that
 * could not be fetched anew stays on the screen, with how old it is.
 */
export function Shown<T>({ of, rows, children }: ShownProps<T>): React.ReactNode {
  if (of.data === undefined)
    return of.isError ? (
      <Failure error={of.error} retry={() => void of.refetch()} />
    ) : (
      <Loading {...(rows === undefined ? {} : { rows })} />
    );
  return (
    <>
      <Stale of={of} />
      {children(of.data)}
    </>
  );
}

/** Beside an answer that could not be fetched anew: how old it is, and a way to try again. Nothing while all is well. */
export function Stale({ of }: { readonly of: Asked<unknown> }): React.ReactNode {
  const { t } = useText();
  if (!of.isError || of.data === undefined) return null;
  return (
    <p className={css["stale"]} role="status">
      <IconAlert size={15} aria-hidden />
      <span>
        {t("state.stale")} <Moment at={of.dataUpdatedAt} />
      </span>
      <button type="button" className={css["quiet"]} onClick={() => void of.refetch()}>
        {t("state.retry")}
      </button>
    </p>
  );
}
