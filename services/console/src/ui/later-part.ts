import { lazy, type ComponentType, type LazyExoticComponent } from "react";

const mostTries = 30;

/**
 * A part of a screen that loads when it is first drawn. While the gateway cannot be reached it tries again, with a growing pause:
 * a lost connection must not take away what stands on the screen, and a part that failed to load would.
 */
export function laterPart<Props>(load: () => Promise<ComponentType<Props>>): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    for (let tries = 1; ; tries++)
      try {
        return { default: await load() };
      } catch (error) {
        if (tries === mostTries) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.min(5_000, 250 * 2 ** tries)));
      }
  });
}
