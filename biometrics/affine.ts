/** Affine maps of the plane as [a, b, c, d, e, f]: X = a·x + c·y + e, Y = b·x + d·y + f. As in PDF and in `SurfaceInfo.toPage`. */
export type Affine = [number, number, number, number, number, number];

/** The map that does `first`, then `then`. */
export function compose(first: Affine, then: Affine): Affine {
  const [a, b, c, d, e, f] = first;
  const [A, B, C, D, E, F] = then;
  return [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
}

/** The way back. Only for maps that lose nothing (determinant not 0), as every page's is. */
export function invert([a, b, c, d, e, f]: Affine): Affine {
  const det = a * d - b * c;
  return [d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det];
}

export function apply([a, b, c, d, e, f]: Affine, x: number, y: number): [number, number] {
  return [a * x + c * y + e, b * x + d * y + f];
}

export interface Box { left: number; top: number; width: number; height: number }

/** Scales `from` into the middle of `to` without changing its proportions. Both have y pointing down. */
export function fitInto(from: Box, to: Box): Affine {
  const scale = Math.min(to.width / from.width, to.height / from.height);
  const left = to.left + (to.width - from.width * scale) / 2;
  const top = to.top + (to.height - from.height * scale) / 2;
  return [scale, 0, 0, scale, left - from.left * scale, top - from.top * scale];
}
