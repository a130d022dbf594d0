/**
 * What every browser test stands on: a page that fails the test when it asks another host for anything, throws, or
 * writes an error to its console, whatever else the test looks at.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { firstTask } from '../src/testing/page-tasks.ts';

export const test = base.extend<{ quiet: undefined }>({
  quiet: [
    async ({ context, baseURL }, use) => {
      const complaints: string[] = [];
      const home = new URL(baseURL ?? 'http://localhost/').origin;
      context.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol.startsWith('http') && origin !== home)
          complaints.push(`asked another host: ${request.url()}`);
      });
      context.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
      });
      context.on('weberror', (error) => complaints.push(`threw: ${error.error().message}`));
      await use(undefined);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** No violation of the rules of accessibility that a program can check. */
export async function expectAccessible(page: Page): Promise<void> {
  // A view is loaded when it is first looked at.
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations.map(({ id, help, nodes }) => ({
      id,
      help,
      first: nodes[0]?.html ?? '',
    }));
  });
  expect(violations).toEqual([]);
}

/** Chooses something else in a checkbox, a slider or a list, and what it shows before the browser does anything more. */
export async function choose(control: Locator): Promise<{ label: string; chosen: string; shown: string }> {
  return control.evaluate((element) => {
    const label = (element as HTMLInputElement).labels?.[0]?.textContent ?? element.outerHTML;
    if (element instanceof HTMLInputElement && element.type === 'checkbox') {
      const chosen = String(!element.checked);
      if (element.disabled) return { label, chosen, shown: chosen };
      element.click();
      return { label, chosen, shown: String(element.checked) };
    }
    const field = element as HTMLInputElement | HTMLSelectElement;
    const others =
      field instanceof HTMLSelectElement
        ? [...field.options].filter((option) => !option.disabled).map(({ value }) => value)
        : [field.min, field.max];
    const chosen = others.find((value) => value !== field.value) ?? field.value;
    if (field.disabled) return { label, chosen, shown: chosen };
    // As if by hand: a value that a program sets is no news to the page.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')?.set?.call(field, chosen);
    field.dispatchEvent(
      new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }),
    );
    return { label, chosen, shown: field.value };
  });
}

/** The student that a visitor meets plays a home's task to its end, without rest. */
export async function solve(
  page: Page,
  address = `#/play?${firstTask().where}&student=pocket&memory=memp`,
): Promise<void> {
  await page.goto(`./${address}`);
  const [run, again] = ['Run', 'Again'].map((name) => page.getByRole('button', { name, exact: true }));
  if (run === undefined || again === undefined) throw new Error('there are two');
  await expect(run.or(again)).toBeVisible();
  // One that was solved before is still there.
  if (await again.isVisible()) await again.click();
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await run.click();
  await expect(page.getByLabel('Conversation').getByText('Solved')).toBeVisible();
}

/** The path of what is saved when this is pressed. */
export async function savedBy(button: Locator): Promise<string> {
  const download = button.page().waitForEvent('download');
  await button.click();
  return (await download).path();
}

/** Plays from here to the end without rest, which has to be a success. */
export async function playOut(
  page: Page,
  button = 'Run',
  patience: { timeout?: number } = {},
): Promise<void> {
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await page.getByRole('button', { name: button }).click();
  await expect(page.getByLabel('Conversation').getByText(/Solved in \d+ steps/)).toBeVisible(patience);
}

/** Opens the drawer with the settings, where it isn't open. */
export async function openSettings(page: Page): Promise<void> {
  const drawer = page.locator('.setup-fold');
  await expect(drawer).toBeVisible();
  if ((await drawer.getAttribute('open')) === null) await drawer.locator('summary').first().click();
}

/** As a GPU whose driver compiles nothing: in the page's workers kernels fail with 'not today'. */
export async function failToCompile(page: Page): Promise<void> {
  // A thread that computes with another one listens to nothing.
  const listening = page.workers().filter((worker) => !/\/kernels-[^/]*$/.test(worker.url()));
  for (const worker of listening)
    await worker.evaluate(() => {
      const { GPUDevice: Device } = self as unknown as { GPUDevice?: { prototype: object } };
      const fail = () => Promise.reject(new Error('not today'));
      if (Device !== undefined) Object.assign(Device.prototype, { createComputePipelineAsync: fail });
    });
}

/** The views as the page's bar leads to them, each as on its first visit where it hasn't been opened yet. */
export async function viewAddresses(page: Page): Promise<string[]> {
  await expect(page.locator('main h1').first()).toBeVisible();
  const links = await page.getByLabel('Views').getByRole('link').all();
  const addresses = await Promise.all(links.map((link) => link.getAttribute('href')));
  expect(addresses).toContain('#/about');
  return addresses.map((address) => `./${address}`);
}

/** Until nothing on the page has changed for a while: what comes late is what moves and widens it. */
export function settled(page: Page, quietMs: number): Promise<void> {
  return page.evaluate(
    (quiet) =>
      new Promise<void>((resolve) => {
        let timer = setTimeout(resolve, quiet);
        new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(resolve, quiet);
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
    quietMs,
  );
}

/**
 * Watches a page from its next navigation on. Returns how many pixels it was wider than its window at most, which is how
 * far a phone can be pushed aside.
 */
export async function watchWidth(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    Object.assign(window, { widest: 0 });
    const look = (): void => {
      const { scrollWidth, clientWidth } = document.documentElement;
      Object.assign(window, { widest: Math.max(Reflect.get(window, 'widest'), scrollWidth - clientWidth) });
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return () =>
    page.evaluate(
      () =>
        new Promise<number>((drawn) =>
          requestAnimationFrame(() => requestAnimationFrame(() => drawn(Reflect.get(window, 'widest')))),
        ),
    );
}
