/** The models of the page: what they are, how large, where they run, and whether they can be used. */
import { formatRefusal } from '../../base/result.ts';
import { DeviceFields } from '../parts/DeviceFields.tsx';
import { size } from '../parts/words.ts';
import { POCKET_FILES, shippedBytes, useShippedParts } from '../shipped-parts.ts';

const NAMES: readonly (readonly [name: string, files: RegExp])[] = [
  ['Pocket student', POCKET_FILES],
  ["Pocket student for ONNX Runtime, downloaded where it's used", /^models\/pocket\/.*\.onnx$/],
  ["SmolLM2's adapter, downloaded where it's used", /^models\/smollm2\//],
  ['Embedding model', /^models\/embedder\//],
  ['Memory banks', /^models\/memory\//],
  ['Sample runs and episodes', /^models\/samples\//],
  ['ONNX Runtime', /^runtime\//],
];

export function ModelsPanel() {
  const parts = useShippedParts();
  return (
    <section className="panel">
      <h2>Models</h2>
      <p className="quiet">All of it comes from this page's own host, {window.location.host}.</p>
      <table>
        <thead>
          <tr>
            <th>Part</th>
            <th className="number">Size</th>
          </tr>
        </thead>
        <tbody>
          {NAMES.map(([name, files]) => {
            const bytes = parts?.ok ? shippedBytes(parts.value, files) : undefined;
            return (
              <tr key={name}>
                <td>{name}</td>
                <td className="number">
                  {bytes === undefined ? '…' : bytes === 0 ? 'not in this build' : size(bytes)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {parts?.ok === false && <p className="notice bad">{formatRefusal(parts.error)}</p>}
      <DeviceFields student="pocket" />
    </section>
  );
}
