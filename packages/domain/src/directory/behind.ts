/**
 * The ticket names a contract, policy version or calendar that the given directory does not hold: it was folded from fewer
 * facts than the ticket was decided on. Thrown by deciders; with a directory that has caught up the same command can be
 * decided.
 */
export class DirectoryBehind extends Error {
  override readonly name = "DirectoryBehind";
}
