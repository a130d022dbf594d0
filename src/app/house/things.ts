/**
 * Pictures of every kind of thing that lies about in a home, drawn for this project: filled shapes in a box of 24 by
 * 24, legible at that size by day and by night. A drawing is a list of `colour path`, back to front, separated by `|`;
 * `-` is a line without filling. The colours stand in house.css.
 */
import { table } from '../../base/table.ts';

const DRAWINGS: Readonly<Record<string, string>> = table({
  alarmclock:
    'r M4 7l4-4 2 2-4 4z|r M20 7l-4-4-2 2 4 4z|s M12 5a8 8 0 1 0 .01 0z|w M12 7.500a5.500 5.500 0 1 0 .01 0z|- M12 10v3l2.500 1.500',
  apple:
    'r M12 8c-3-3-8-1-8 4s4 9 6 9c1 0 1-1 2-1s1 1 2 1c2 0 6-4 6-9s-5-7-8-4z|- M12 8c0-3 1-4 3-5|g M13 6c1-3 4-3 6-3-1 3-3 4-6 3z',
  baseballbat: 'n M17 2c3-1 6 2 4 5L9 18l-3-3z|n M6 15l3 3-3 3c-2 1-4-1-3-3z',
  basketball: 'o M12 3a9 9 0 1 0 .01 0z|- M12 3v18M3 12h18M6 6c4 4 4 8 0 12M18 6c-4 4-4 8 0 12',
  bathtub: 'w M2 10h20v3c0 4-3 6-6 6H8c-3 0-6-2-6-6z|- M5 10V5c0-2 3-2 3 0|- M7 19v2M17 19v2',
  blinds: 'w M4 3h16v17H4z|- M4 6h16M4 9h16M4 12h16M4 15h16M4 18h16',
  book: 'b M4 4c3-1 6 0 8 2v15c-2-2-5-3-8-2z|b M20 4c-3-1-6 0-8 2v15c2-2 5-3 8-2z|- M6 8c2 0 3 0 4 1M6 12c2 0 3 0 4 1M18 8c-2 0-3 0-4 1M18 12c-2 0-3 0-4 1',
  boots: 'n M5 3h6v11c2 1 3 2 4 3v4H5z|k M4 19h12v3H4z|n M14 3h5v11l2 3v4h-4v-5z',
  bowl: 'b M2 10h20c0 6-4 10-7 10H9c-3 0-7-4-7-10z|w M3 10c2-2 16-2 18 0z',
  box: 'n M3 9h18v12H3z|y M3 9l3-5h12l3 5z|- M12 4v8',
  bread: 'y M3 10c-2-4 2-6 5-6h8c3 0 7 2 5 6l-1 1v9H4v-9z|- M8 9l2 3M12 9l2 3M16 9l1 2',
  butterknife: 's M15 2c3 2 4 6 2 9l-4 2-2-3z|k M11 11l3 3-7 8c-2 1-4-1-3-3z',
  candle: 'w M9 10h6v11H9z|o M12 2c2 2 3 4 1.500 6h-3C9 6 10 4 12 2z|k M6 20h12v2H6z',
  cart: 's M4 4h16v4H4z|s M4 13h16v4H4z|- M5 8v5M19 8v5|k M6 18a2 2 0 1 0 .01 0z|k M18 18a2 2 0 1 0 .01 0z',
  cd: 's M12 3a9 9 0 1 0 .01 0z|p M12 8a4 4 0 1 0 .01 0z|w M12 10.500a1.500 1.500 0 1 0 .01 0z|- M6 8c1-2 2-3 4-3',
  cellphone:
    'k M7 2h10c1 0 1 1 1 1v18c0 1-1 1-1 1H7c-1 0-1-1-1-1V3c0-1 1-1 1-1z|b M8 4h8v13H8z|w M12 18.500a1 1 0 1 0 .01 0z',
  chair: 'n M6 2h3v10h9v3H6z|- M7 15v7M17 15v7',
  cloth: 't M3 6c4-3 6 2 10 0s6 0 8 0l-1 12c-4 2-6-1-9 1s-5 0-7 0z|- M7 9c2 0 3 1 5 0M8 14c2 0 4 1 6 0',
  creditcard: 'b M2 5h20v14H2z|k M2 8h20v3H2z|y M4 14h5v3H4z',
  cup: 'o M6 4h12l-1.500 14c0 2-1 3-2 3h-5c-1 0-2-1-2-3z|w M6 4c2-1 10-1 12 0-2 2-10 2-12 0z',
  curtains: 'p M3 4h7c0 6-1 12-5 17H3z|p M21 4h-7c0 6 1 12 5 17h2z|- M2 4h20',
  desklamp: 'y M12 3l8 5-6 5-5-6z|- M11 7L6 12l5 8|k M5 20h13v2H5z',
  dishsponge: 'y M3 10h18v10H3z|g M3 6h18v4H3z|- M7 14h1M12 16h1M16 13h1M10 13h.500',
  egg: 'w M12 3c4 0 7 7 7 11a7 7 0 0 1-14 0c0-4 3-11 7-11z|- M9 9c-1 2-1 3-1 5',
  floorlamp: 'y M8 2h8l3 7H5z|- M12 9v11|k M7 20h10v2H7z',
  footstool: 'r M3 8h18v6H3z|- M6 14v7M18 14v7',
  fork: 's M8 2v6c0 2 2 3 3 3v11h2V11c1 0 3-1 3-3V2h-1.500v6H13V2h-2v6H9.500V2z',
  glassbottle: 't M10 2h4v6c2 2 3 4 3 6v8H7v-8c0-2 1-4 3-6z|w M9 14h6v4H9z',
  handtowel: 'w M4 3h16v4H4z|t M6 7h12v13H6z|- M6 16h12M6 18h12',
  houseplant:
    'g M12 13C4 13 3 7 3 4c6 0 9 3 9 9z|g M12 13c8 0 9-6 9-9-6 0-9 3-9 9z|- M12 8v8|n M7 15h10l-2 7H9z',
  kettle: 's M5 9h12c2 3 2 8 1 12H4C3 17 3 12 5 9z|s M18 12l4-3-2 8z|- M7 9c0-6 8-6 8 0|k M10 6h2v3h-2z',
  keychain: 'y M8 4a5 5 0 1 0 .01 0z|w M8 7a2 2 0 1 0 .01 0z|y M11 12l8 7-1 2-2-1-1 1-2-2-5-6z',
  knife: 's M21 3C17 4 11 9 9 13l3 2c4-3 8-8 9-12z|k M9 13l3 2-6 7c-2 1-4-1-3-3z',
  ladle: 's M15 10h8c0 5-2 8-4 8s-4-3-4-8z|- M15 11L4 3M4 3l-1 2',
  laptop: 'k M4 4h16v11H4z|b M6 6h12v7H6z|s M1 16h22l-2 4H3z',
  laundryhamperlid: 'n M2 10h20v4H2z|n M9 7h6v3H9z',
  lettuce:
    'g M12 3c4-2 8 1 8 4 3 3 2 8-1 9 0 4-5 6-7 4-2 2-7 0-7-4-3-1-4-6-1-9 0-3 4-6 8-4z|- M12 6v13M12 11l4-3M12 15l5-2M12 11L8 8M12 15l-5-2',
  lightswitch: 'w M6 2h12v20H6z|s M10 7h4v10h-4z|- M10 12h4',
  mirror:
    's M12 2c5 0 7 4 7 9s-2 9-7 9-7-4-7-9 2-9 7-9z|w M12 4c4 0 5 3 5 7s-1 7-5 7-5-3-5-7 1-7 5-7z|- M9 9l3-3M9 13l5-5|k M8 20h8v2H8z',
  mug: 'r M4 5h12v13c0 2-1 3-3 3H7c-2 0-3-1-3-3z|- M16 8h2c4 0 4 8 0 8h-2|w M4 5c2-1 10-1 12 0-2 1-10 1-12 0z',
  newspaper: 'w M3 5h14v16H3z|s M17 9h4v10c0 2-4 2-4 0z|k M5 7h10v4H5z|- M5 14h10M5 16h10M5 18h7',
  painting: 'n M2 4h20v16H2z|b M5 7h14v10H5z|g M5 17l5-6 4 4 2-2 3 4z|y M15 8a1.500 1.500 0 1 0 .01 0z',
  pan: 'k M9 8a7 7 0 1 0 .01 0z|s M9 10a5 5 0 1 0 .01 0z|k M14 9l7-6 2 2-7 7z',
  papertowelroll:
    'w M6 4h12v17H6z|s M12 2.500c4 0 6 1 6 2s-2 2-6 2-6-1-6-2 2-2 6-2z|n M12 3.500c1.500 0 2 .500 2 1s-.500 1-2 1-2-.500-2-1 .500-1 2-1z|- M6 16h12',
  pen: 'b M17 2l4 4L9 18l-4-4z|k M5 14l4 4-6 3z|- M15 4l4 4',
  pencil: 'y M17 2l4 4L9 18l-4-4z|w M5 14l4 4-6 3z|r M17 2l4 4-2 2-4-4z',
  peppershaker: 'k M8 9h8l2 12H6z|s M8 9c0-6 8-6 8 0z|- M11 6h.500M13 6h.500M12 7.500h.500',
  pillow: 'w M3 6c3 2 15 2 18 0-1 4-1 8 0 13-3-2-15-2-18 0 1-5 1-9 0-13z|- M7 9c3 1 7 1 10 0',
  plate:
    'w M12 4c6 0 10 4 10 8s-4 8-10 8S2 16 2 12s4-8 10-8z|b M12 7c4 0 6.500 2.500 6.500 5s-2.500 5-6.500 5-6.500-2.500-6.500-5 2.500-5 6.500-5z|w M12 9c3 0 5 1.500 5 3s-2 3-5 3-5-1.500-5-3 2-3 5-3z',
  plunger: 'n M11 2h2v12h-2z|r M6 20c0-4 2-7 6-7s6 3 6 7z|r M4 20h16v2H4z',
  poster: 'w M4 2h16v20H4z|p M6 4h12v9H6z|- M7 16h10M7 19h7',
  pot: 's M4 9h16v9c0 2-1 3-3 3H7c-2 0-3-1-3-3z|k M3 7h18v2H3z|- M1 12h3M20 12h3|k M10 4h4v3h-4z',
  potato: 'n M8 5c5-3 12 0 13 6s-5 9-10 9-9-3-9-7 2-6 6-8z|- M8 10h.500M13 9h.500M16 13h.500M10 15h.500',
  remotecontrol:
    'k M8 2h8v20H8z|r M12 4a1.500 1.500 0 1 0 .01 0z|- M10 10h1M13 10h1M10 13h1M13 13h1M10 16h1M13 16h1',
  saltshaker: 'w M8 9h8l2 12H6z|s M8 9c0-6 8-6 8 0z|- M11 6h.500M13 6h.500M12 7.500h.500',
  scrubbrush: 'n M3 6h18l-2 6H5z|w M5 12h14v5H5z|- M7 12v5M9 12v5M11 12v5M13 12v5M15 12v5M17 12v5',
  showerdoor: 't M5 2h14v20H5z|- M16 11v3M8 6l4-3M8 11l7-7',
  showerglass: 't M5 2h14v20H5z|- M8 6l4-3M8 11l7-7M9 18l8-8',
  sink: 's M2 10h20l-3 8H5z|- M12 10V4h4v2',
  soapbar: 'p M4 10c0-3 16-3 16 0v5c0 4-16 4-16 0z|w M8 10c2-1 6-1 8 0-2 1-6 1-8 0z|w M17 3a2 2 0 1 0 .01 0z',
  soapbottle: 'g M6 10h12v11H6z|w M8 13h8v5H8z|s M11 6h2v4h-2z|s M6 3h9v3H6z',
  spatula: 's M14 2h7v8l-4 2-4-2z|- M16 11L5 20|k M8 16l2 2-5 5-3-3z',
  spoon: 's M17 2c4 0 5 4 3 7s-5 3-6 2-2-3 0-6c1-2 2-3 3-3z|- M14 11L4 21',
  spraybottle: 'b M7 11h9v11H7z|s M9 7h5v4H9z|r M6 3h10l2 3h-4v1H8V6H5z|w M9 14h5v4H9z',
  statue: 's M12 2a3 3 0 1 0 .01 0z|s M8 9h8l-1 8H9z|s M5 17h14v4H5z',
  stoveknob: 'k M12 4a8 8 0 1 0 .01 0z|s M11 5h2v8h-2z',
  teddybear:
    'n M6 2a3 3 0 1 0 .01 0z|n M18 2a3 3 0 1 0 .01 0z|n M12 3a6 6 0 1 0 .01 0z|n M12 13c5 0 7 4 7 8H5c0-4 2-8 7-8z|y M12 9a2.500 2 0 1 0 .01 0z|- M10 7.500h.500M14 7.500h.500M11 10.500h2|y M12 15.500c3 0 4 2 4 5H8c0-3 1-5 4-5z',
  television: 'k M2 4h20v13H2z|b M4 6h16v9H4z|- M8 21h8M12 17v4',
  tennisracket:
    'r M15 2c5 0 7 5 5 9s-7 5-9 3-2-6 0-9c1-2 2-3 4-3z|w M15 4c3 0 5 4 3 6s-5 3-6 2-1-4 0-6c1-1 2-2 3-2z|- M11 14l-7 8M13 6l5 4M12 9l4 3',
  tissuebox: 'b M3 11h18v10H3z|w M8 11c0-4 3-3 3-8 3 1 5 4 5 8z|- M6 16h12',
  toiletpaper:
    'w M9 4h11v13H9z|w M9 4c3 0 4 3 4 6.500S12 17 9 17s-5-3-5-6.500S6 4 9 4z|n M9 8c1 0 1.500 1 1.500 2.500S10 13 9 13s-1.500-1-1.500-2.500S8 8 9 8z|w M13 17h7v5h-7z',
  toiletpaperroll: 'n M6 4h12v17H6z|w M12 2.500c4 0 6 1 6 2s-2 2-6 2-6-1-6-2 2-2 6-2z',
  tomato: 'r M12 7c6-2 10 1 10 6s-5 8-10 8-10-3-10-8 4-8 10-6z|g M12 8L8 5l3 .500L12 3l1.500 2.500L17 5z',
  towel: 't M5 3h14v18H5z|w M5 6h14v2H5z|w M5 16h14v2H5z',
  vase: 'p M9 3h6l-1 4c4 3 5 6 4 10l-2 4H8l-2-4c-1-4 0-7 4-10z|- M7 13h10',
  watch:
    'n M9 1h6v5H9z|n M9 18h6v5H9z|y M12 5a7 7 0 1 0 .01 0z|w M12 7.500a4.500 4.500 0 1 0 .01 0z|- M12 9.500V12l2 1',
  wateringcan: 'g M8 9h10v12H6z|g M8 13L3 7 1 9l6 8z|- M18 11c5 0 5 8 0 8|- M10 9c0-5 6-5 6 0',
  window: 'b M4 2h16v18H4z|- M12 2v18M4 11h16|w M2 20h20v2H2z',
  winebottle: 'g M10 2h4v6c2 2 3 4 3 6v8H7v-8c0-2 1-4 3-6z|r M7 14h10v5H7z|y M10 2h4v3h-4z',
});

interface Shape {
  /** A letter of the palette; undefined is a line. */
  readonly colour: string | undefined;
  readonly path: string;
}

const CRATE = 'n M4 6h16v14H4z|- M4 6l16 14M20 6L4 20';
const read = new Map<string, readonly Shape[]>();

/** The picture of a kind of thing, back to front; a crate stands for what has none. */
export function shapesOf(type: string): readonly Shape[] {
  let shapes = read.get(type);
  if (shapes === undefined) {
    shapes = (DRAWINGS[type] ?? CRATE).split('|').map((part) => ({
      colour: part.startsWith('-') ? undefined : part.charAt(0),
      path: part.slice(2),
    }));
    read.set(type, shapes);
  }
  return shapes;
}
