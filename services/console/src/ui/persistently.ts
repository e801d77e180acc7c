const mostTries = 30;

/** Loads a piece of the program; while the gateway cannot be reached it tries again, with a growing pause. */
export async function persistently<T>(load: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await load();
    } catch (error) {
      if (tries === mostTries) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.min(5_000, 250 * 2 ** tries)));
    }
}
