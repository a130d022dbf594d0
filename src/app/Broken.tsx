/** What stands where a view broke down: in words, with a way on. Another view, or this one again, may still work. */
import { Component, type ReactNode } from 'react';
import { messageOf } from '../base/result.ts';
import { PrimaryButton } from './parts/Button.tsx';

interface State {
  readonly problem: string | undefined;
}

export class Broken extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { problem: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { problem: messageOf(error) };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    if (problem === undefined) return this.props.children;
    return (
      <div className="prose">
        <h1>This view broke down</h1>
        <p className="notice bad">{problem}</p>
        <p>
          What's kept on this device is untouched. A newer version of the page may have come, or the network
          may be gone.
        </p>
        <p>
          <PrimaryButton onClick={() => window.location.reload()}>Reload the page</PrimaryButton>
        </p>
      </div>
    );
  }
}
