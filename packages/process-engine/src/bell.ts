import { connectionConfig } from "@docket/postgres";
import { Client } from "pg";

/** Hears the notifications of one Postgres channel. They are hints: whoever waits looks for himself all the same. */
export interface Bell {
  /**
   * Resolves at the next notification (at once when one came since the last wait), after `ms` of real time, or when the signal
   * aborts. Throws when the connection is gone: then make a new bell.
   */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Starts to listen on a channel, over a connection of its own. */
export async function listenTo(url: string, channel: string): Promise<Bell> {
  const client = new Client(connectionConfig(url, { name: `docket listens to ${channel}` }));
  let ring: () => void = () => undefined;
  let rung = false;
  let gone: Error | undefined;
  const heard = (): void => {
    rung = true;
    ring();
  };
  client.on("notification", heard);
  client.on("error", (error) => {
    gone = error;
    ring();
  });
  client.on("end", () => {
    gone ??= new Error("the connection ended");
    ring();
  });
  await client.connect();
  await client.query(`listen ${client.escapeIdentifier(channel)}`);
  return {
    async wait(ms, signal) {
      if (gone !== undefined) throw gone;
      if (!rung && !signal.aborted)
        await new Promise<void>((resolve) => {
          const over = (): void => {
            clearTimeout(late);
            signal.removeEventListener("abort", over);
            ring = () => undefined;
            resolve();
          };
          const late = setTimeout(over, ms);
          signal.addEventListener("abort", over, { once: true });
          ring = over;
        });
      rung = false;
    },
    close: () => client.end().catch(() => undefined),
  };
}
