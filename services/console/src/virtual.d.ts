declare module "virtual:domain-words/*" {
  export const words: {
    readonly events: Readonly<Record<string, string>>;
    readonly commands: Readonly<Record<string, string>>;
    readonly terms: Readonly<Record<string, string>>;
  };
}
declare module "virtual:command-forms" {
  export const forms: Readonly<Record<string, import("../build/command-forms.ts").CommandForm>>;
}
declare module "virtual:priorities" {
  /** R §3.3: which priorities a type may have */
  export const priorities: Readonly<
    Record<"incident" | "change" | "consultation" | "scheduled_work", readonly ("high" | "medium" | "low")[]>
  >;
}
declare module "virtual:later-words/*" {
  export const words: { readonly terms: Readonly<Record<string, string>> };
}
