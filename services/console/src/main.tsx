import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "./ui/tokens.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/query-client.ts";
import { router } from "./app/router.tsx";
import { applyLook } from "./shell/look.ts";
import { preferredLanguage, speak } from "./text/i18n.ts";
import { theme } from "./ui/theme.ts";
import { idlePart } from "./ui/later-part.ts";

// After the first screen: nothing is announced before there is something to see, and what is announced meanwhile is kept.
const Notifications = idlePart(() => import("./ui/toasts.ts").then(({ Notifications }) => Notifications));

applyLook();
await speak(preferredLanguage());
const place = document.getElementById("root");
if (place === null) throw new Error("the page has no place for the console");
createRoot(place).render(
  <StrictMode>
    {/* The variables stand in our own style sheet: the page's policy lets no style be written into it. */}
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withStaticClasses={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queryClient}>
        <Suspense fallback={null}>
          <Notifications position="bottom-left" autoClose={5_000} />
        </Suspense>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
