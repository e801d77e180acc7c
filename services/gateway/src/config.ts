import { z } from "zod";
import { signingSettings } from "@docket/audit";
import { privacySettings } from "@docket/privacy";
import { commonSettings, setting } from "@docket/service-kit";

const perMinute = (fallback: number) => z.coerce.number().int().min(1).default(fallback);

export const gatewaySettings = z.object({
  ...commonSettings,
  ...privacySettings,
  ...signingSettings,
  GATEWAY_PORT: setting.port(8080),
  GATEWAY_HOST: z.string().default("127.0.0.1"),
  /** a proxy in front tells the caller's address by X-Forwarded-For */
  GATEWAY_TRUST_PROXY: setting.flag(false),
  /** requests a minute from one address */
  GATEWAY_LOGINS_PER_MINUTE: perMinute(30),
  GATEWAY_INTAKE_PER_MINUTE: perMinute(60),
  GATEWAY_SESSION_HOURS: z.coerce.number().min(0.1).max(720).default(12),
  /** shared by all services of one installation; signs page tokens here. Made anew at each start when not set. */
  DOCKET_SECRET: z.string().min(16).optional(),
  /** folder of the built console; without it there is only the API */
  DOCKET_CONSOLE: z.string().optional(),
  /** logins that the sign-in page offers, as JSON; made by a start with demo data only */
  DOCKET_DEMO_LOGINS: z.string().optional(),
  GATEWAY_POOL: z.coerce.number().int().min(2).max(200).default(10),
});
export type GatewaySettings = z.infer<typeof gatewaySettings>;
