/** Many episodes behind requests that are plain data: what the server speaks, for a worker or a server of one's own. */
export type { ServedGames } from '../../../src/serve/catalogue.ts';
export { Catalogue } from '../../../src/serve/catalogue.ts';
export type { Answer, Limits } from '../../../src/serve/service.ts';
export { PROTOCOL, Service } from '../../../src/serve/service.ts';
