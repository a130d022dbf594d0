// The page's side: a fresh worker for each load, as in the project's own benchmark.

/** @param {object} task @returns {Promise<any>} */
function inWorker(task) {
  return new Promise((resolve, reject) => {
    const worker = new Worker('/worker.js', { type: 'module' });
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if (data.error === undefined) resolve(data);
      else reject(new Error(data.error));
    };
    worker.postMessage(task);
  });
}

Object.assign(globalThis, {
  /** @param {{ device: string, loads: number, contexts: number[], decode: number, repetitions: number }} asked */
  async measure({ device, loads, contexts, decode, repetitions }) {
    // The first load fills the browser's caches.
    await inWorker({ device, contexts: [], decode, repetitions });
    const seconds = [];
    let speeds = [];
    for (let i = 0; i < loads; i++) {
      const measured = i < loads - 1 ? [] : contexts;
      const found = await inWorker({ device, contexts: measured, decode, repetitions });
      seconds.push(found.load);
      speeds = found.speeds;
    }
    return { loads: seconds, speeds };
  },
});
