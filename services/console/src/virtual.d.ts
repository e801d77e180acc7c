declare module "virtual:domain-words/*" {
  export const words: {
    readonly events: Readonly<Record<string, string>>;
    readonly commands: Readonly<Record<string, string>>;
    readonly terms: Readonly<Record<string, string>>;
  };
}
