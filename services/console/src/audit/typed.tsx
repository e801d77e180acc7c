import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";

interface TypedProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly placeholder?: string;
  /** a text of this form is whole: it holds as soon as it is typed */
  readonly whole?: RegExp;
  onChange(value: string): void;
}

/** A field whose condition holds once one has left it or pressed Enter: a search per letter would serve nobody. */
export function Typed({ label, value, placeholder, whole, onChange }: TypedProps): React.ReactNode {
  const [text, setText] = useState(value ?? "");
  useEffect(() => setText(value ?? ""), [value]);
  const done = (): void => {
    if (text.trim() !== (value ?? "")) onChange(text.trim());
  };
  return (
    <TextInput
      size="xs"
      label={label}
      placeholder={placeholder}
      value={text}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        if (whole?.test(typed.trim()) === true) onChange(typed.trim());
      }}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter") done();
      }}
    />
  );
}
