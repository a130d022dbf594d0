/** Leads the focus on from an element that was removed or disabled. Fetched when that first happens. */

/** What may be focused; whether it can be, the browser says when it's tried. */
const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
/** What belongs together: whatever is in the same one is near. */
const GROUP = 'form, fieldset, section, article, li, tr, [role]';
/** Milliseconds: effects come first, and so does a worker's quick answer. */
const PAUSE = 100;
/** So many times an empty place is looked at before the view's heading takes the focus. */
const LOOKS = 10;

/** What had the focus and may have lost it. It changes while the page does. */
export interface FocusPlace {
  /** Undefined where the person took the focus away. */
  focused: HTMLElement | undefined;
  /** What stands right before its place, or holds it. */
  spot: Node;
  /** What holds its place. */
  home: Node;
}

/** @param give says whether the element has taken the focus */
export async function leadFocus(
  place: FocusPlace,
  isFree: () => boolean,
  give: (element: HTMLElement) => boolean,
): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const { focused, spot, home } = place;
    if (focused === undefined || !isFree()) return;
    // What was disabled for a moment only is still the best.
    if ([focused, ...nearest(spot, home)].some(give)) return;
  }
  const heading = document.querySelector<HTMLElement>('main h1') ?? document.querySelector('main');
  if (heading === null) return;
  heading.tabIndex = -1;
  give(heading);
}

/** The nearest first: what took its place, what comes after it, what stands before it in what it belongs to. */
function nearest(spot: Node, home: Node): HTMLElement[] {
  const main = document.querySelector('main');
  const found: HTMLElement[] = [];
  let near = home instanceof Element ? home : null;
  while (near !== null && !near.contains(main)) {
    const all = [...near.querySelectorAll<HTMLElement>(FOCUSABLE)];
    const on = (side: number) => all.filter((one) => spot.compareDocumentPosition(one) & side);
    found.push(...on(Node.DOCUMENT_POSITION_FOLLOWING));
    if (near.matches(GROUP)) {
      for (const one of on(Node.DOCUMENT_POSITION_PRECEDING).reverse()) {
        // Of the row before not its last button, which may delete it.
        found.push(one.closest('li, tr')?.querySelector<HTMLElement>(FOCUSABLE) ?? one);
      }
    }
    near = near.parentElement?.closest(GROUP) ?? null;
  }
  return found;
}
