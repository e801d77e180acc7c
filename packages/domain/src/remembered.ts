import type { Fact } from "./event.ts";

/** A command that changed a stream, with the revisions of its first and last fact. */
export interface RememberedCommand {
  readonly commandId: string;
  readonly firstRevision: number;
  readonly lastRevision: number;
}

/** How many commands a state remembers: as many as can be in doubt at a time. */
export const memoryOfCommands = 32;

/** The last commands that changed a stream, newest last, after one more fact. */
export function rememberedCommands(
  known: readonly RememberedCommand[],
  { meta, revision }: Fact<unknown>,
): readonly RememberedCommand[] {
  const last = known.at(-1);
  if (last?.commandId === meta.commandId) return [...known.slice(0, -1), { ...last, lastRevision: revision }];
  const commands = [...known, { commandId: meta.commandId, firstRevision: revision, lastRevision: revision }];
  return commands.length > memoryOfCommands ? commands.slice(-memoryOfCommands) : commands;
}
