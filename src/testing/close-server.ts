import type { Server } from 'node:http';

/** Closes a server at once, whoever still holds a connection. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
