// Four floats at a time: what every kernel is made of.

/** a × b + c: rounded once where the CPU has it and the build may use it, twice otherwise. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The sum of the four lanes. */
// @ts-ignore: decorator
@inline
export function sum(a: v128): f32 {
  return (
    f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3))
  );
}

/** The greatest of the four lanes. */
// @ts-ignore: decorator
@inline
export function greatest(a: v128): f32 {
  return max(
    max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)),
    max(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)),
  );
}

/**
 * Four of each constant of {@link exp}, in the memory below what the arena hands out. V8 puts a constant that stands in
 * the code together anew at each use, which takes three steps, and loading one: SiLU is 1.7 times as fast (V8 14.6).
 */
const CONSTANTS: usize = memory.data<f32>([
  // The range.
  88, 88, 88, 88, -87, -87, -87, -87,
  // 1 / ln 2
  1.44269504088896341, 1.44269504088896341, 1.44269504088896341, 1.44269504088896341,
  // 1.5 × 2^23: what is added to it is rounded to a whole number, which then stands in its lowest bits.
  12582912, 12582912, 12582912, 12582912,
  // -ln 2 in two parts: the first times a whole number is exact.
  -0.693359375, -0.693359375, -0.693359375, -0.693359375,
  2.1219444e-4, 2.1219444e-4, 2.1219444e-4, 2.1219444e-4,
  // Cephes' polynomial for e^r (expf.c).
  1.98756915e-4, 1.98756915e-4, 1.98756915e-4, 1.98756915e-4,
  1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3,
  8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3,
  4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2,
  1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1,
  5.0000001201e-1, 5.0000001201e-1, 5.0000001201e-1, 5.0000001201e-1,
  1, 1, 1, 1,
]);

// @ts-ignore: decorator
@inline
function constant(i: usize): v128 {
  return v128.load(CONSTANTS + (i << 4));
}

/**
 * e to the power of each lane, for lanes up to 88; below -87 it is about 1e-38, which nobody tells from nothing beside
 * a one. No number stays none. 2^n × e^r with r within half of ln 2 of nothing: within two units in the last place.
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, constant(0)), constant(1));
  const round = constant(3);
  const shifted = madd(x, constant(2), round);
  const n = f32x4.sub(shifted, round);
  let r = madd(n, constant(4), x);
  r = madd(n, constant(5), r);
  let p = madd(constant(6), r, constant(7));
  p = madd(p, r, constant(8));
  p = madd(p, r, constant(9));
  p = madd(p, r, constant(10));
  p = madd(p, r, constant(11));
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, constant(12)));
  // n is added to the exponent; what else the shift takes along falls off at the top.
  return i32x4.add(p, i32x4.shl(shifted, 23));
}
