/** A folder that the user picked, as a host of files: downloads and imports are one and the same work. */

/** Addresses of files of the picked folder. */
export const FOLDER_SCHEME = 'folder:';

/** fetch, with addresses of {@link FOLDER_SCHEME} answered from the files; ranges too. */
export function fetchFromFolder(folder: ReadonlyMap<string, File> | undefined): typeof fetch {
  return async (input, init) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    if (!url.startsWith(FOLDER_SCHEME)) return fetch(input, init);
    const file = folder?.get(url.slice(FOLDER_SCHEME.length));
    // Also after a visit that was broken off: the folder has to be picked again.
    if (file === undefined) return new Response(null, { status: 404 });
    const from = /^bytes=(\d+)-$/.exec(new Headers(init?.headers).get('range') ?? '')?.[1];
    return new Response(from === undefined ? file.stream() : file.slice(Number(from)).stream(), {
      status: from === undefined ? 200 : 206,
    });
  };
}

/** The folder's name, where the way of picking tells it. */
export function folderName({ webkitRelativePath }: File): string | undefined {
  const [name] = webkitRelativePath.split('/');
  return name === '' ? undefined : name;
}
