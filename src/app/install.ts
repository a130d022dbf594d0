/** The browser's offer to install the page: it comes when the browser likes, and is kept until someone wants it. */
import { Store, useStore } from './store.ts';

/** Only Chromium has it; no standard names its type. */
interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

const offered = new Store<InstallOffer | undefined>(undefined);

window.addEventListener('beforeinstallprompt', (event) => {
  // Not by itself: the About view has the button.
  event.preventDefault();
  offered.set(event as InstallOffer);
});
window.addEventListener('appinstalled', () => offered.set(undefined));

/** Asks the browser to install the page; undefined where it can't, or has. */
export function useInstall(): (() => void) | undefined {
  const offer = useStore(offered);
  return offer && (() => void offer.prompt().then(() => offered.set(undefined)));
}
