/**
 * The worker for models: the only part of the page that asks other hosts, and only after a click. Hosts that send
 * headers give it a content security policy of its own (scripts/lib/site.ts).
 */
import { expose } from 'comlink';
import { showLife } from '../src/service/alive.ts';
import { createModels } from '../src/service/models.ts';

showLife(self.name);
// The page starts its workers with its own address.
expose(createModels(new URL('./', self.name).href));
