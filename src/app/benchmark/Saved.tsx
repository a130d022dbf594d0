/** What was measured here, and saving it: the file is exactly the text that is shown. */
import { useId, useMemo } from 'react';
import { type BenchResult, formatBench } from '../../bench/bench-file.ts';
import { adapterTitle } from '../../bench/join.ts';
import { PrimaryButton } from '../parts/Button.tsx';
import { FactList } from '../parts/FactList.tsx';
import { saveFile } from '../parts/save-file.ts';
import { ResultTable } from './ResultTable.tsx';

export function Saved({ result }: { result: BenchResult }) {
  const text = useMemo(() => formatBench(result), [result]);
  const id = useId();
  const { device, page, invalid, notes, profile, taken } = result;
  const { browser, os, adapter, power, threads } = device;
  const facts: readonly (readonly [string, string])[] = [
    ['Graphics', adapter === null ? 'no WebGPU' : adapterTitle(adapter)],
    ['Browser', `${browser.name} ${browser.version}`],
    ['System', `${os.name} ${os.version}`.trim()],
    ['CPU', `${threads} threads`],
    ['Power', power.mains === null ? 'not told' : power.mains ? 'mains' : 'battery'],
    ['Page', `${page.version}${page.commit === null ? '' : `, ${page.commit}`}`],
    ['Profile', profile],
    ['Day', taken],
  ];
  const save = (): void => saveFile(`duomem-bench-${taken}.json`, text, 'application/json');
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>This device</h2>
      {invalid.map(({ code, message }) => (
        <p key={code} className="notice bad" role="alert">
          <b>This run doesn't count.</b> {message}
        </p>
      ))}
      {notes.length > 0 && (
        <ul className="notice bench-notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <FactList className="figures bench-facts" facts={facts} />
      <ResultTable figures={result.figures} />
      <p className="bench-intro quiet">
        Limited by: how fast memory is read (bandwidth); how fast as much is read as the weights take, where
        they are small enough to stay in a cache; starting dispatches; reading the result back. Where no limit
        is named, the figure beat its test.
      </p>
      <p className="row">
        <PrimaryButton onClick={save}>Save the result</PrimaryButton>
        <span className="quiet">
          A file to keep, to compare with others, or to contribute to the project's bench/results.
        </span>
      </p>
      <details className="bench-file">
        <summary>Everything in the file</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <pre className="code" tabIndex={0}>
          {text}
        </pre>
      </details>
    </section>
  );
}
