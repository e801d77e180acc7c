import { AllowedScreen } from "./allowed.tsx";
import { Inside } from "./inside.tsx";

/** Screens without the frame: a wall board, a page to print. */
export function Bare(): React.ReactNode {
  return (
    <Inside>
      <AllowedScreen />
    </Inside>
  );
}
