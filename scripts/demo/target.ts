/** Where the demo is made. */
export interface DemoTarget {
  readonly gateway: string;
  readonly smtpPort: number;
  readonly supportAddress: string;
  readonly now: () => Date;
  readonly progress: (done: number, of: number) => void;
}
