import { expect, test } from 'vitest';
import { isPhone } from './device-facts.ts';

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15';
const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15';
const ANDROID = 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140 Safari/537.36';
const LINUX = 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0';

test.each([
  [IPHONE, 5, undefined, true],
  [MAC, 5, undefined, true],
  [MAC, 0, undefined, false],
  [ANDROID, 5, true, true],
  [WINDOWS, 10, false, false],
  [LINUX, 0, undefined, false],
])('%s', (userAgent, touchPoints, mobile, phone) => {
  expect(isPhone(userAgent, touchPoints, mobile)).toBe(phone);
});
