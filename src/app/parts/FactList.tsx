/** What there is to say of a thing, each under its name. */
interface FactListProps {
  readonly className: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

export function FactList({ className, facts }: FactListProps) {
  return (
    <dl className={className}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
