/** What came of a run: figures with 95 % intervals, by kind of task, every episode as a replay, and as files. */

import { useState } from 'react';
import { taskTypeName } from '../../base/task-types.ts';
import { paperSentence } from '../../eval/paper.ts';
import { interval, percent, runCsv, runMarkdown } from '../../eval/run-export.ts';
import { type SuccessFigures, summarise } from '../../eval/summary.ts';
import type { RunRecord } from '../../protocol/data.ts';
import { LinkButton } from '../parts/Button.tsx';
import { saveFile } from '../parts/save-file.ts';
import { plural, sentence } from '../parts/words.ts';
import { packTrace } from '../replay/share.ts';
import { go } from '../use-route.ts';
import { data } from '../worker-client.ts';

export function RunTable({ run }: { run: RunRecord }) {
  const summary = summarise(run.results);
  const { memory, scripts, k } = run.settings;
  const paper = paperSentence(run.student, run.settings);
  const shows = memory === 'script' || memory === 'memp';
  const rows: readonly (readonly [string | undefined, SuccessFigures])[] = [
    [undefined, summary],
    ...Object.entries(summary.byTaskType).map(([type, figures]) => [type, figures] as const),
  ];
  return (
    <>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th>Kind of task</th>
              <th className="number">Solved</th>
              <th className="number wide-only">Success</th>
              <th className="number">95 % interval</th>
              <th className="number">Steps</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([type, figures]) => (
              <tr key={`kind ${type ?? ''}`}>
                <td>{type === undefined ? 'All' : taskTypeName(type)}</td>
                <td className="number">
                  {figures.solved} of {figures.episodes}
                </td>
                <td className="number wide-only">{percent(figures.successRate)}</td>
                <td className="number">{interval(figures)}</td>
                <td className="number">{figures.meanSteps.toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet">
        {summary.secondsPerTask.toFixed(2)}
        {'\u00a0'}s per task on {run.shipped === true ? 'the machine where it was made' : 'this device'}
        {shows ? `, with the ${scripts}'s scripts, k\u00a0=\u00a0${k}` : ''}. {paper}{' '}
        {paper !== undefined &&
          'Not directly comparable: another student, and other games unless these are valid_unseen.'}
      </p>
      <Episodes run={run} />
      <p className="row">
        <LinkButton onClick={() => saveFile('run.csv', runCsv(run.results), 'text/csv')}>CSV</LinkButton>
        <LinkButton
          onClick={() =>
            saveFile('run.json', JSON.stringify({ ...run, summary }, undefined, 1), 'application/json')
          }
        >
          JSON
        </LinkButton>
        <LinkButton onClick={() => saveFile('run.md', runMarkdown(summary), 'text/markdown')}>
          Markdown
        </LinkButton>
      </p>
    </>
  );
}

/** Longer lists are shown on request. */
const SHOWN = 12;

function Episodes({ run }: { run: RunRecord }) {
  const [all, setAll] = useState(false);
  const tasks = new Map(run.games.map(({ key, task }) => [key, task]));
  const shown = all ? run.results : run.results.slice(0, SHOWN);
  return (
    <>
      <ol className="episodes" aria-label="Episodes">
        {shown.map(({ game, won, steps }) => (
          <li key={game}>
            <span className={won ? 'won' : 'lost'}>{won ? 'solved' : 'lost'}</span> {plural(steps, 'step')}{' '}
            <LinkButton
              onClick={() => {
                void open(run.id, game);
              }}
            >
              {sentence(tasks.get(game) ?? game)}
            </LinkButton>
          </li>
        ))}
      </ol>
      {run.results.length > shown.length && (
        <LinkButton onClick={() => setAll(true)}>All {run.results.length} episodes</LinkButton>
      )}
    </>
  );
}

async function open(run: string, game: string): Promise<void> {
  const trace = await data().runTrace(run, game);
  // Without one the view says how to open another.
  go('replay', trace.ok ? { t: await packTrace(trace.value) } : {});
}
