export { type AccountSeed, ensureAccount, ensureToken, type TokenSeed } from "./auth/accounts.ts";
export { buildGateway } from "./build.ts";
export { gatewaySettings, type GatewaySettings } from "./config.ts";
export type { GatewayDeps } from "./deps.ts";
