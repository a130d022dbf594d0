/**
 * Goals as PDDL formulas, put together from small parts: `and`, `exists`, facts. The engine evaluates any formula, so
 * that a new kind of chore needs a formula and nothing else here.
 */
import type { SExpr } from '../engine/sexpr.ts';

function fact(predicate: string, ...args: readonly string[]): SExpr {
  return [predicate, ...args];
}

export function and(...parts: readonly SExpr[]): SExpr {
  return ['and', ...parts];
}

function not(part: SExpr): SExpr {
  return ['not', part];
}

function differ(a: string, b: string): SExpr {
  return not(['=', a, b]);
}

/** @param variables name and type, such as ['?o', 'object'] */
function exists(variables: readonly (readonly [name: string, type: string])[], body: SExpr): SExpr {
  return ['exists', variables.flatMap(([name, type]) => [name, '-', type]), body];
}

function objectIs(variable: string, type: string): SExpr {
  return fact('objectType', variable, `${type}Type`);
}

function receptacleIs(variable: string, type: string): SExpr {
  return fact('receptacleType', variable, `${type}Type`);
}

/** Some object of a type, in the named states, lies in some receptacle of a type. */
export function somewhere(object: string, receptacle: string, ...states: readonly string[]): SExpr {
  return exists(
    [['?r', 'receptacle']],
    exists(
      [['?o', 'object']],
      and(
        objectIs('?o', object),
        receptacleIs('?r', receptacle),
        ...states.map((state) => fact(state, '?o')),
        fact('inReceptacle', '?o', '?r'),
      ),
    ),
  );
}

/** Two objects of a type lie in one receptacle of a type. */
export function twoTogether(object: string, receptacle: string): SExpr {
  return exists(
    [['?r', 'receptacle']],
    exists(
      [['?o1', 'object']],
      and(
        objectIs('?o1', object),
        receptacleIs('?r', receptacle),
        fact('inReceptacle', '?o1', '?r'),
        exists(
          [['?o2', 'object']],
          and(
            differ('?o1', '?o2'),
            objectIs('?o2', object),
            receptacleIs('?r', receptacle),
            fact('inReceptacle', '?o2', '?r'),
          ),
        ),
      ),
    ),
  );
}

/** So many different objects of a type, all in the named states, lie in one receptacle of a type. */
export function inOneReceptacle(
  count: number,
  object: string,
  receptacle: string,
  ...states: readonly string[]
): SExpr {
  const names = Array.from({ length: count }, (_, i) => `?o${i + 1}`);
  const inner = (i: number): SExpr => {
    const name = names[i] as string;
    const parts = [
      ...names.slice(0, i).map((other) => differ(other, name)),
      objectIs(name, object),
      ...states.map((state) => fact(state, name)),
      fact('inReceptacle', name, '?r'),
    ];
    if (i + 1 < count) parts.push(inner(i + 1));
    return exists(
      [[name, 'object']],
      i === 0 ? and(receptacleIs('?r', receptacle), ...parts) : and(...parts),
    );
  };
  return exists([['?r', 'receptacle']], inner(0));
}

/** Some lamp of a type has been switched. */
export function switched(lamp: string): SExpr {
  return exists(
    [['?o', 'object']],
    and(objectIs('?o', lamp), fact('toggleable', '?o'), fact('isToggled', '?o')),
  );
}

/** Some of these objects, in the named states, lies in the receptacle that stands beside it. */
export function oneAtItsPlace(
  pairs: readonly (readonly [object: string, receptacle: string])[],
  ...states: readonly string[]
): SExpr {
  const each = pairs.map(([object, receptacle]) =>
    and(...states.map((state) => fact(state, object)), fact('inReceptacle', object, receptacle)),
  );
  return each.length === 1 ? (each[0] as SExpr) : ['or', ...each];
}

/** The agent stands at a switched lamp of a type. */
export function atSwitchedLamp(lamp: string): SExpr {
  return exists(
    [
      ['?ot', 'object'],
      ['?r', 'receptacle'],
      ['?a', 'agent'],
      ['?l', 'location'],
    ],
    and(
      objectIs('?ot', lamp),
      fact('toggleable', '?ot'),
      fact('isToggled', '?ot'),
      fact('receptacleAtLocation', '?r', '?l'),
      fact('atLocation', '?a', '?l'),
      fact('inReceptacle', '?ot', '?r'),
    ),
  );
}

/** The agent holds some object of a type, in the named states. */
export function holding(object: string, ...states: readonly string[]): SExpr {
  return exists(
    [
      ['?o', 'object'],
      ['?a', 'agent'],
    ],
    and(objectIs('?o', object), ...states.map((state) => fact(state, '?o')), fact('holds', '?a', '?o')),
  );
}
