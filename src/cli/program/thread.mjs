/**
 * The first module of a worker thread: makes the thread read TypeScript (Node hands the loader of `--import` to the
 * main thread only), then runs the module that `workerData.module` names.
 */
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.module);
