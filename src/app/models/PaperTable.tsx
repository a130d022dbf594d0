/** The paper's figures, with the runs of this device beside them. */
import { formatRefusal } from '../../base/result.ts';
import { PAPER_FIGURES, PAPER_STUDENT, type PaperFigure, paperModel } from '../../eval/paper.ts';
import { summarise } from '../../eval/summary.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { MEMORY_NAMES, playerName } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { data } from '../worker-client.ts';

const OF_THE_4B = PAPER_FIGURES.filter(({ model }) => model === PAPER_STUDENT);
const OF_OTHERS = PAPER_FIGURES.filter(({ model }) => model !== PAPER_STUDENT);

const HEAD = (
  <thead>
    <tr>
      <th>Student</th>
      <th>Memory</th>
      <th className="number">Solved</th>
      <th className="number extra">Steps</th>
      <th className="number extra">Seconds a task</th>
      <th className="extra">Where</th>
    </tr>
  </thead>
);

export function PaperTable() {
  const found = useAnswer([], () => data().runs());
  const runs = found?.ok ? found.value.filter(({ results }) => results.length > 0) : undefined;
  return (
    <section className="panel" aria-labelledby="paper-heading">
      <h2 id="paper-heading">Beside the paper</h2>
      <p className="quiet">
        DuoMem's own figures: ALFWorld valid_unseen, 134 tasks, 30 steps at most, two A100. Yours are of games
        that you chose: compare with care.
      </p>
      {found?.ok === false && <p className="notice bad">{formatRefusal(found.error)}</p>}
      <section className="scroll" aria-label="Figures of the paper and of this device">
        <table className="paper">
          {HEAD}
          <tbody>
            {runs?.map((run) => {
              const { successRate, successInterval, meanSteps, secondsPerTask } = summarise(run.results);
              const [low, high] = successInterval.map((share) => (100 * share).toFixed(0));
              return (
                <tr key={run.id} className="own">
                  <td>{playerName(run.student, run.settings)}</td>
                  <td>{memory(run.settings.memory, run.settings.scripts, run.settings.k)}</td>
                  <td className="number">
                    {(100 * successRate).toFixed(1)} %{' '}
                    <span className="quiet">
                      ({low} to {high})
                    </span>
                  </td>
                  <td className="number extra">{meanSteps.toFixed(1)}</td>
                  <td className="number extra">{secondsPerTask.toFixed(2)}</td>
                  <td className="extra">
                    <a href={formatRoute('runs')}>{`this device: ${run.title}`}</a>
                  </td>
                </tr>
              );
            })}
            {runs?.length === 0 && (
              <tr className="own">
                <td colSpan={6}>
                  No runs on this device yet. <a href={formatRoute('runs')}>Start one</a> to see it here.
                </td>
              </tr>
            )}
            <PaperRows figures={OF_THE_4B} />
          </tbody>
        </table>
        <details>
          <summary>{OF_OTHERS.length} figures of the paper's other students</summary>
          <table className="paper">
            {HEAD}
            <tbody>
              <PaperRows figures={OF_OTHERS} />
            </tbody>
          </table>
        </details>
      </section>
    </section>
  );
}

function PaperRows({ figures }: { figures: readonly PaperFigure[] }) {
  return figures.map((figure) => (
    <tr key={Object.values(figure).join(' ')}>
      <td>{paperModel(figure)}</td>
      <td>{memory(figure.memory, figure.scripts, figure.k)}</td>
      <td className="number">{figure.successPercent.toFixed(1)} %</td>
      <td className="number extra">{figure.steps?.toFixed(1) ?? ''}</td>
      <td className="number extra">{figure.seconds?.toFixed(2) ?? ''}</td>
      <td className="quiet extra">{figure.source}</td>
    </tr>
  ));
}

function memory(configuration: keyof typeof MEMORY_NAMES, scripts: string | undefined, k: number): string {
  const name = MEMORY_NAMES[configuration];
  if (configuration === 'none' || scripts === undefined) return name;
  return `${name}, ${scripts}'s scripts, k\u00a0=\u00a0${k}`;
}
