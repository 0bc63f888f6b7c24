/** A fingerprint for two people to compare: its groups stand in a grid, and are read out one after the other. */
export function Fingerprint({ value }: { value: string }): React.JSX.Element {
  return (
    <ol className="fingerprint" aria-label={value}>
      {value.split(' ').map((group, at) => <li key={`${at} ${group}`}>{group}</li>)}
    </ol>
  );
}
