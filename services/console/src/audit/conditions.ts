import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMoment } from "../moment/moment.ts";

export interface Conditions<Name extends string> {
  readonly search: Partial<Record<Name, string>>;
  /** the moment that is shown, to go with every question */
  readonly moment: { readonly asOf?: string };
  /** all conditions anew */
  show(next: Readonly<Record<string, string | undefined>>): void;
  set(change: Partial<Record<Name, string | undefined>>): void;
}

/** The conditions of a search as they stand in the address: a link carries the whole question. */
export function useConditions<Name extends string>(to: string, names: readonly Name[]): Conditions<Name> {
  const navigate = useNavigate();
  const { asOf } = useMoment();
  const all = useSearch({ strict: false }) as Record<string, unknown>;
  const search = Object.fromEntries(
    names.flatMap((name) => {
      const value = all[name];
      return value === undefined || value === "" ? [] : [[name, String(value as string | number)]];
    }),
  ) as Partial<Record<Name, string>>;
  const moment = asOf === null ? {} : { asOf };
  const show: Conditions<Name>["show"] = (next) =>
    void navigate({
      to,
      search: {
        ...Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== "")),
        ...moment,
      } as never,
    });
  return { search, moment, show, set: (change) => show({ ...search, ...change }) };
}

export const listOf = (value: string | undefined): string[] => (value === undefined ? [] : value.split(","));
