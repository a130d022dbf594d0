/** The Cache API in memory, as much of it as web-llm and the downloads use. What isn't there is fetched by nobody. */
interface MemoryCaches {
  open(name: string): Promise<MemoryCache>;
  clear(): void;
}

interface MemoryCache {
  match(request: Request | string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
  add(request: Request): Promise<void>;
  delete(url: string): Promise<boolean>;
  keys(): Promise<readonly { readonly url: string }[]>;
}

export function memoryCaches(): MemoryCaches {
  const all = new Map<string, Map<string, ArrayBuffer>>();
  const address = (request: Request | string): string =>
    typeof request === 'string' ? request : request.url;
  return {
    clear: () => all.clear(),
    open: async (name) => {
      const entries = all.get(name) ?? new Map<string, ArrayBuffer>();
      all.set(name, entries);
      return {
        match: async (request) => {
          const content = entries.get(address(request));
          return content === undefined ? undefined : new Response(content.slice(0));
        },
        put: async (url, response) => {
          entries.set(url, await response.arrayBuffer());
        },
        add: async ({ url }) => {
          throw new TypeError(`${url} can't be fetched`);
        },
        delete: async (url) => entries.delete(url),
        keys: async () => [...entries.keys()].map((url) => ({ url })),
      };
    },
  };
}
