/** Boxes of the document that this person may tick, in the document's own words and direction. None is preset. */
export function Checks({ title, checks, ticked, onChange }: {
  title: string;
  checks: readonly { name: string; label: string }[];
  ticked: readonly string[];
  onChange: (names: string[]) => void;
}): React.JSX.Element | null {
  if (checks.length === 0) return null;
  return (
    <fieldset className="checks">
      <legend>{title}</legend>
      {checks.map(({ name, label }) => (
        <label key={name} className="choice" dir="auto">
          <input type="checkbox" checked={ticked.includes(name)} onChange={({ target }) => onChange(target.checked ? [...ticked, name] : ticked.filter((other) => other !== name))} />
          <span>{label || name}</span>
        </label>
      ))}
    </fieldset>
  );
}
