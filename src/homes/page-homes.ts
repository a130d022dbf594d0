/** The homes that page and terminal know by their numbers. */

/** How strongly they keep things in their own places: what makes remembering a home worthwhile. */
export const PAGE_HABITS = 0.9;

/**
 * Tasks that the teacher did in a home before a visitor's first: each shows more of where the home keeps its things,
 * and all that was seen counts (src/agent/store-recall.ts). Thirty take about a second.
 */
export const PAST_TASKS = 30;
