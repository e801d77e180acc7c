declare module "hoodiecrow-imap" {
  import type { Server } from "node:net";
  interface Hoodiecrow {
    server: Server;
    listen(port: number, host: string, ready: () => void): void;
    close(done: () => void): void;
    appendMessage(mailbox: string, flags: string[], date: boolean | string, raw: string): void;
    getMailbox(path: string): { messages: { uid: number; flags: string[]; raw: string }[] };
  }
  export default function hoodiecrow(options: Record<string, unknown>): Hoodiecrow;
}
