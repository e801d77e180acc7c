import { Button, PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import type { Account } from "@docket/api-contract";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { get } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { signIn } from "../api/session.ts";
import { homeOf } from "../app/home.ts";
import { forgetSession } from "../app/session-at-hand.ts";
import { hasChosenLanguage, speak, type Language } from "../text/i18n.ts";
import { useText } from "../text/use-text.ts";
import { IconAlert } from "../ui/icons.ts";
import { messageOf } from "../ui/states.tsx";
import css from "./shell.module.css";

interface DemoLogin {
  readonly login: string;
  readonly name: string;
  readonly role: Account["role"];
  readonly password: string;
}

/** In the order in which a ticket meets them; those who look after the service centre come last. */
const order: readonly Account["role"][] = [
  "operator",
  "engineer",
  "expert",
  "service_manager",
  "requester",
  "auditor",
  "analyst",
  "admin",
];
const inOrder = (logins: readonly DemoLogin[]): readonly DemoLogin[] =>
  logins.toSorted((a, b) => order.indexOf(a.role) - order.indexOf(b.role));

/** An address of our own to go on to after signing in; anything else would send people away. */
const ownAddress = (then: unknown): string | null =>
  typeof then === "string" && /^\/(?![/\\])/u.test(then) && !then.startsWith("/login") ? then : null;

/** The way in: name and password, and with the demo data a button per role. */
export function Login(): React.ReactNode {
  const { t, term, language } = useText();
  const navigate = useNavigate();
  const { then } = useSearch({ strict: false }) as { then?: unknown };
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [pending, setPending] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(undefined);
  // New demo data comes a moment after the first start.
  const demo = useQuery({
    queryKey: ["demo"],
    queryFn: () => get<{ logins: readonly DemoLogin[] }>("/demo-logins"),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.logins.length > 0 ? false : 2_000),
  });
  const enter = async (name: string, word: string): Promise<void> => {
    setPending(name);
    setError(undefined);
    try {
      const account = await signIn(name, word);
      forgetSession();
      queryClient.clear();
      if (!hasChosenLanguage()) await speak(account.language);
      await navigate({ href: ownAddress(then) ?? homeOf(account), replace: true });
    } catch (refusal) {
      setError(refusal);
      setPending(null);
    }
  };
  return (
    <main className={css["login"]}>
      <div className={css["loginHead"]}>
        <h1>Docket</h1>
        <SegmentedControl
          size="xs"
          aria-label={t("shell.language")}
          value={language}
          onChange={(wanted) => void speak(wanted as Language, { remember: true })}
          data={[
            { value: "ru", label: "Русский" },
            { value: "en", label: "English" },
          ]}
        />
      </div>
      <form
        className={css["loginForm"]}
        onSubmit={(event) => {
          event.preventDefault();
          void enter(login, password);
        }}
      >
        <TextInput
          label={t("login.name")}
          autoComplete="username"
          required
          withAsterisk={false}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("login.password")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t("login.showPassword") }}
        />
        <Button type="submit" loading={pending !== null && pending === login}>
          {t("login.enter")}
        </Button>
        {error === undefined ? null : (
          <p className={css["loginError"]} role="alert">
            <IconAlert size={16} aria-hidden /> {messageOf(error, t("state.unreachableHint"), t("state.unexpected"))}
          </p>
        )}
      </form>
      {(demo.data?.logins.length ?? 0) === 0 ? null : (
        <section aria-labelledby="demo">
          <h2 id="demo">{t("login.demo")}</h2>
          <p className={css["loginHint"]}>{t("login.demoHint")}</p>
          <ul className={css["demo"]}>
            {inOrder(demo.data?.logins ?? []).map(({ login: name, name: person, role, password: word }) => (
              <li key={name}>
                <Button
                  variant="default"
                  fullWidth
                  justify="space-between"
                  classNames={{ root: css["demoButton"] ?? "", label: css["demoLabel"] ?? "" }}
                  loading={pending === name}
                  onClick={() => void enter(name, word)}
                  data-login={name}
                >
                  <span className={css["demoWho"]}>
                    <b>{t(`login.role.${role}`)}</b>
                    <span>{[...new Set([person, term("role", role)])].join(" · ")}</span>
                  </span>
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <nav className={css["loginFoot"]} aria-label={t("login.more")}>
        <a href="/docs">{t("login.docs")}</a>
      </nav>
    </main>
  );
}
