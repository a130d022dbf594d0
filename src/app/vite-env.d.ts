/// <reference types="vite/client" />

/** Bytes of the weights of the pocket student that this build brings along; 0 where it brings none. */
declare const __POCKET_BYTES__: number;
/** Where the source of this page can be read; empty where package.json names no repository. */
declare const __REPOSITORY__: string;
/** What this page was built from. */
declare const __PAGE_VERSION__: import('../bench/bench-file.ts').PageVersion;
