import about from "../package.json" with { type: "json" };

/** The product's version; all packages bear the same. */
export const productVersion: string = about.version;
