import type pg from "pg";
import type { Desk, Intake, StateReader } from "@docket/command-handling";
import type { Directory } from "@docket/domain";
import type { EventStore } from "@docket/event-store";
import type { Db } from "@docket/postgres";
import type { Clock, Health, Logger } from "@docket/service-kit";
import type { GatewaySettings } from "./config.ts";
import type { Privacy, Whose } from "@docket/privacy";
import type { EngineerLoad } from "./directory/load.ts";

/** What the gateway is built on; tests give real ones too. */
export interface GatewayDeps {
  readonly settings: GatewaySettings;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly health: Health;
  readonly desk: Desk & StateReader;
  readonly store: EventStore;
  readonly pool: pg.Pool;
  readonly db: Db;
  /** 32 bytes at least; signs page tokens */
  readonly secret: Buffer;
  /** keys of personal data, files and what else is sealed for data subjects */
  readonly privacy: Privacy;
  readonly whose: Whose;
  readonly intake: Intake;
  /** customers, contracts, staff and rules as the desk decides by them */
  readonly directory: () => Directory;
  /** how many open tickets a member of staff has */
  readonly load: EngineerLoad;
  /** hold every reply against the contract (tests) */
  readonly checkReplies?: boolean;
}
