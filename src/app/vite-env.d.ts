/// <reference types="vite/client" />

/** Whether this build brings the pocket student along. */
declare const __SHIPS_POCKET__: boolean;
/** What this page was built from. */
declare const __PAGE_VERSION__: import('../bench/bench-file.ts').PageVersion;
