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
declare module "virtual:ticket-values" {
  /** R §3.3: which priorities a type may have */
  export const priorities: Readonly<
    Record<"incident" | "change" | "consultation" | "scheduled_work", readonly ("high" | "medium" | "low")[]>
  >;
  export const allPriorities: readonly ("high" | "medium" | "low")[];
  /** as a ticket passes through them */
  export const ticketStatuses: readonly string[];
  export const channels: readonly string[];
}
declare module "virtual:later-words/*" {
  export const words: { readonly terms: Readonly<Record<string, string>> };
}
