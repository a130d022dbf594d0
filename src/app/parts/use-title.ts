/** The title of the browser's tab: what is shown, then what shows it. */
import { useEffect } from 'react';

const SITE = 'DuoMem';

/** @param text undefined leaves the title as it is */
export function useTitle(text: string | undefined): void {
  useEffect(() => {
    if (text !== undefined) document.title = text === '' ? SITE : `${text.replace(/\.$/, '')} · ${SITE}`;
  }, [text]);
}
