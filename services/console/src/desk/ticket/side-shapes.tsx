import css from "./ticket.module.css";

/** A titled part of the panel beside a ticket. */
export function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children: React.ReactNode;
}): React.ReactNode {
  return (
    <section className={css["section"]}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** A name and what stands for it, in a list of pairs. */
export const Pair = ({
  name,
  children,
}: {
  readonly name: string;
  readonly children: React.ReactNode;
}): React.ReactNode => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
