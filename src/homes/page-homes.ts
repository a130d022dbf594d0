/** The homes that page and terminal know by their numbers. */

/** How strongly they keep things in their own places: what makes remembering a home worthwhile. */
export const PAGE_HABITS = 0.9;
