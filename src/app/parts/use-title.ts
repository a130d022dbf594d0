/** The title of the browser's tab: what is shown, then what shows it. */
import { useEffect } from 'react';
import { displayed } from '../../base/plain-text.ts';

const SITE = 'DuoMem';

/** What the tab is called: it may be a stranger's task. */
export function tabTitle(text: string): string {
  return text === '' ? SITE : `${displayed(text.replace(/\.$/, ''))} · ${SITE}`;
}

/** @param text undefined leaves the title as it is */
export function useTitle(text: string | undefined): void {
  useEffect(() => {
    if (text !== undefined) document.title = tabTitle(text);
  }, [text]);
}

/** What the page tells of itself to whoever files a link to it; what it says otherwise comes back afterwards. */
export function useDescription(text: string): void {
  useEffect(() => {
    const meta = document.querySelector<HTMLMetaElement>('meta[name="description"]');
    const before = meta?.content;
    if (meta === null || before === undefined) return;
    meta.content = displayed(text);
    return () => {
      meta.content = before;
    };
  }, [text]);
}
