export declare const verbs: Readonly<
  Record<string, { readonly file: string; readonly summary: string; readonly stores?: boolean }>
>;
