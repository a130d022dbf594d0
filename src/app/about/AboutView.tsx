/** About: the paper, what it stands on, and what of this page is ours; and the way to keep the page on a device. */
import { useInstall } from '../install.ts';
import { PrimaryButton } from '../parts/Button.tsx';

export function AboutView() {
  const install = useInstall();
  return (
    <div className="prose about">
      <h1>About</h1>
      <p>
        A household agent that lives in a browser tab. A teacher's experience reaches a small student in two
        ways: as memories in its prompt, and as training of its weights. In the paper the teacher is a model
        of 72B; here it's a program that plays by rules. Everything runs on this device, and nothing leaves
        the tab.
      </p>
      <h2>The paper</h2>
      <p>
        <cite>DuoMem: Towards Capable On-Device Memory Agents via Dual-Space Distillation</cite> by Peyman
        Hosseini, Ondrej Bohdal, Ahmed Alajrami, Andrea Maracani, Ignacio Castro, Matthew Purver, Mete Ozay,
        Savas Ozkan and Taha Ceritli, <a href="https://arxiv.org/abs/2606.29961">arXiv 2606.29961</a>. This
        page is an independent implementation of it; the figures that it shows beside its own are the paper's.
      </p>
      <h2>What it builds on</h2>
      <ul>
        <li>
          <a href="https://arxiv.org/abs/2508.06433">MemP</a>: memories of how something was done, as scripts
          and trajectories.
        </li>
        <li>
          <a href="https://arxiv.org/abs/2010.03768">ALFWorld</a>: households as text games; the engine here
          plays them word for word.
        </li>
        <li>
          <a href="https://arxiv.org/abs/2210.03629">ReAct</a>: a thought before each action.
        </li>
      </ul>
      <h2>What is ours</h2>
      <p>
        The engine, the homes, the teacher, the pocket student and what trained it, the memory, this page and
        every picture in it. The licence is MIT; third-party parts are listed in the{' '}
        <a href="./third-party-notices.txt">notices</a>.
        {__REPOSITORY__ !== '' && (
          <>
            {' '}
            <a href={__REPOSITORY__}>The source</a> is there to be read, run and changed.
          </>
        )}
      </p>
      {install !== undefined && (
        <p>
          <PrimaryButton onClick={install}>Install on this device</PrimaryButton>
        </p>
      )}
    </div>
  );
}
