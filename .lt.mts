import { BROWSER_ARGS } from './scripts/lib/browser-args.ts';
import { chromium } from 'playwright';
import { writeFileSync } from 'node:fs';
const url = process.argv[2];
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: process.argv[4] ? [...BROWSER_ARGS] : ['--no-sandbox'] });
const c = await b.newContext({ viewport: { width: 1280, height: 720 } });
for (const name of ['first', 'again']) {
  const p = await c.newPage();
  const s = await b.newBrowserCDPSession();
  const ev: any[] = [];
  s.on('Tracing.dataCollected', (d) => ev.push(...d.value));
  await s.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline', 'toplevel', 'v8', 'blink', 'disabled-by-default-v8.compile', 'blink.user_timing', 'loading','disabled-by-default-devtools.timeline'] } as any });
  await p.addInitScript(() => {
    (window as any).__lt = [];
    new PerformanceObserver((l) => { for (const e of l.getEntries()) (window as any).__lt.push([Math.round(e.startTime), Math.round(e.duration)]); }).observe({ type: 'longtask' });
  });
  await p.goto(url);
  await p.waitForTimeout(Number(process.argv[3] ?? 14000));
  const lt = await p.evaluate(() => JSON.stringify({lt:(window as any).__lt, ended: !!document.querySelector('.outcome')}));
  const done = new Promise((r) => s.once('Tracing.tracingComplete', r));
  await s.send('Tracing.end'); await done;
  writeFileSync(`/tmp/lt/${name}.json`, JSON.stringify(ev));
  console.log(name, lt, ev.length);
  await p.evaluate(() => navigator.serviceWorker?.ready.then(() => { localStorage.clear(); sessionStorage.clear(); }));
  await p.close();
}
await b.close();
