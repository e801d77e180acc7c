import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { isCustomer, useSession, worksOnTickets } from "../api/session.ts";
import { useText } from "../text/use-text.ts";
import css from "./shell.module.css";

const seen = "docket.tour";

const staffSteps = ["queues", "clocks", "ticket", "keys", "moment", "live"] as const;
const customerSteps = ["portal", "moment"] as const;

/** Two minutes through the console, once; again from the list of commands. */
export function Tour({ onClose }: { readonly onClose: () => void }): React.ReactNode {
  const { t } = useText();
  const { account } = useSession();
  const [at, setAt] = useState(0);
  const steps = isCustomer(account) ? customerSteps : worksOnTickets(account) ? staffSteps : staffSteps.slice(3);
  const step = steps[at] ?? "moment";
  const end = (): void => {
    localStorage.setItem(seen, "seen");
    onClose();
  };
  return (
    <Modal
      opened
      onClose={end}
      title={t("tour.title", { at: at + 1, of: steps.length })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <div className={css["tour"]}>
        <h2>{t(`tour.${step}`)}</h2>
        <p>{t(`tour.${step}.text`)}</p>
        <div className={css["tourFoot"]}>
          <Button variant="default" size="xs" onClick={end}>
            {t("tour.skip")}
          </Button>
          {at === 0 ? null : (
            <Button variant="default" size="xs" onClick={() => setAt(at - 1)}>
              {t("tour.back")}
            </Button>
          )}
          <Button data-autofocus size="xs" onClick={() => (at + 1 === steps.length ? end() : setAt(at + 1))}>
            {t(at + 1 === steps.length ? "tour.done" : "tour.next")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
