/**
 * The worker for models, which asks other hosts after a click. The page and its other workers may not: their content
 * security policy (scripts/lib/site.ts) lets them reach their own host, and e2e/offline.spec.ts tries.
 */
import { expose } from 'comlink';
import { showLife } from '../src/service/alive.ts';
import { createModels } from '../src/service/models.ts';

showLife(self.name);
// The page starts its workers with its own address.
expose(createModels(new URL('./', self.name).href));
