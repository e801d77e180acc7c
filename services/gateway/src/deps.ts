import type pg from "pg";
import type { Desk } from "@docket/command-handling";
import type { EventStore } from "@docket/event-store";
import type { Db } from "@docket/postgres";
import type { Clock, Health, Logger } from "@docket/service-kit";
import type { GatewaySettings } from "./config.ts";

/** What the gateway is built on; tests give real ones too. */
export interface GatewayDeps {
  readonly settings: GatewaySettings;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly health: Health;
  readonly desk: Desk;
  readonly store: EventStore;
  readonly pool: pg.Pool;
  readonly db: Db;
  /** 32 bytes at least; signs page tokens */
  readonly secret: Buffer;
}
