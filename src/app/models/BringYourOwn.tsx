/** A model of the user's own: a folder of this computer or an address, looked at before anything is imported. */
import { useRef, useState } from 'react';
import { ofDisk } from '../../base/read-file.ts';
import { formatRefusal, messageOf, ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { CheckedModel } from '../../protocol/models.ts';
import { type DeviceFacts, preflight } from '../../weights/preflight.ts';
import { isText, useKept } from '../kept.ts';
import { Button, LinkButton, PrimaryButton } from '../parts/Button.tsx';
import { FileField } from '../parts/FileField.tsx';
import { TextField } from '../parts/TextField.tsx';
import { size } from '../parts/words.ts';
import { models } from '../worker-client.ts';
import { startDownload } from './models-store.ts';
import { Preflight } from './Preflight.tsx';
import { parametersInWords } from './words.ts';

type Stage =
  | { readonly at: 'idle' }
  | { readonly at: 'looking' }
  | { readonly at: 'refused'; readonly refusal: Refusal }
  | { readonly at: 'checked'; readonly model: CheckedModel };

export function BringYourOwn({ facts }: { facts: DeviceFacts | undefined }) {
  const [stage, setStage] = useState<Stage>({ at: 'idle' });
  const [url, setUrl] = useKept('model-address', '', isText);
  const fallback = useRef<HTMLInputElement>(null);

  const look = async (checking: Promise<Result<CheckedModel>>): Promise<void> => {
    setStage({ at: 'looking' });
    const checked = await checking;
    setStage(
      checked.ok ? { at: 'checked', model: checked.value } : { at: 'refused', refusal: checked.error },
    );
  };
  const pick = async (): Promise<void> => {
    const picker = (window as { readonly showDirectoryPicker?: () => Promise<FileSystemDirectoryHandle> })
      .showDirectoryPicker;
    if (picker === undefined) {
      fallback.current?.click();
      return;
    }
    let folder: FileSystemDirectoryHandle;
    try {
      folder = await picker();
    } catch {
      return; // the person thought better of it
    }
    await look(filesOf(folder).then((files) => (files.ok ? models().checkFolder(files.value) : files)));
  };

  return (
    <section className="panel" id="bring" aria-labelledby="bring-heading">
      <h2 id="bring-heading">Bring your own</h2>
      <p>
        A folder that <code>duomem convert</code> wrote, with its manifest.json, from this computer or from a
        host. It's checked first; nothing is kept until you say so. If it has no compiled library (.wasm), the
        one that fits is downloaded from GitHub.
      </p>
      <div className="bring-ways">
        <div className="bring-way">
          <p className="label">From this computer</p>
          <Button disabled={stage.at === 'looking'} onClick={() => void pick()}>
            Pick a folder
          </Button>
          <FileField
            label="A folder with a model"
            folder={true}
            openedBy={fallback}
            onFiles={(files) => void look(models().checkFolder(files))}
          />
        </div>
        <form
          className="bring-way"
          onSubmit={(event) => {
            event.preventDefault();
            void look(models().checkUrl(url.trim()));
          }}
        >
          <TextField
            label="From an address"
            className="wide"
            type="url"
            required
            value={url}
            placeholder="https://example.org/my-student/"
            onChange={setUrl}
          />
          <button type="submit" disabled={stage.at === 'looking'}>
            Check it
          </button>
        </form>
      </div>
      <div role="status">
        {stage.at === 'looking' && (
          <p className="quiet">
            Reading its manifest …{' '}
            <LinkButton onClick={() => void models().stopChecking()}>Cancel</LinkButton>
          </p>
        )}
        {stage.at === 'refused' && <p className="notice bad">{formatRefusal(stage.refusal)}</p>}
        {stage.at === 'checked' && (
          <Checked
            model={stage.model}
            facts={facts}
            onTake={() => {
              setStage({ at: 'idle' });
              void startDownload(stage.model.id);
            }}
          />
        )}
      </div>
    </section>
  );
}

function Checked({
  model,
  facts,
  onTake,
}: {
  model: CheckedModel;
  facts: DeviceFacts | undefined;
  onTake: () => void;
}) {
  const { title, quantization, bytes, files, known } = model;
  const card = facts === undefined ? undefined : preflight({ ...model, present: known ? bytes : 0 }, facts);
  return (
    <div className="checked">
      <p>
        <b>{title}</b>: {parametersInWords(model)}, {quantization}, {files} files, {size(bytes)}. Its lists
        agree.
      </p>
      <Preflight card={card} />
      {known ? (
        <p>It's here already.</p>
      ) : (
        <p className="row">
          <PrimaryButton disabled={card === undefined || card.verdict === 'refused'} onClick={onTake}>
            Import it
          </PrimaryButton>
        </p>
      )}
    </div>
  );
}

/** Code FOLDER_UNREADABLE. */
async function filesOf(folder: FileSystemDirectoryHandle): Promise<Result<File[]>> {
  const files: File[] = [];
  const entries = (folder as unknown as { values(): AsyncIterator<FileSystemHandle> }).values();
  try {
    for (;;) {
      const { done, value: entry } = await ofDisk(entries.next());
      if (done) return ok(files);
      if (entry.kind !== 'file') continue;
      const file = await ofDisk((entry as FileSystemFileHandle).getFile());
      // Files that are picked by a handle don't say where they lay.
      Object.defineProperty(file, 'webkitRelativePath', { value: `${folder.name}/${file.name}` });
      files.push(file);
    }
  } catch (error) {
    const message = `The folder can't be read: ${messageOf(error)}. Pick it again.`;
    return refuse('FOLDER_UNREADABLE', message, folder.name);
  }
}
