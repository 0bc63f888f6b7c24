/**
 * Derivatives at uneven times: around each sample a cubic is fitted by least squares to up to seven samples, and the cubic's
 * derivatives at that sample are the result. Savitzky and Golay, Anal. Chem. 36 (1964) 1627; for uneven spacing Gorry,
 * Anal. Chem. 63 (1991) 534. At the ends of a run the window is not centred, and errors are larger there.
 */
const WINDOW = 7;
const DEGREE = 3;
/** A column that keeps less than this of its length after the others are taken out says nothing. */
const DEPENDENT = 1e-9;

/** First, second and third derivative at one sample; null where the run is too short for it. */
export type Derivatives = [number | null, number | null, number | null];

/** @param times strictly growing. @param values as many. @returns one for each time, in units of the values over units of time. */
export function derivativesOf(times: readonly number[], values: readonly number[]): Derivatives[] {
  return times.map((at, index) => {
    const size = Math.min(WINDOW, times.length);
    const start = Math.min(Math.max(0, index - Math.floor(size / 2)), times.length - size);
    const offsets = times.slice(start, start + size).map((time) => time - at);
    const scale = Math.max(...offsets.map(Math.abs));
    const heights = values.slice(start, start + size).map((value) => value - values[index]!);
    const fitted = fit(offsets.map((offset) => offset / scale), heights, Math.min(DEGREE, size - 1));
    const derivative = (order: number, factorial: number): number | null => {
      const result = fitted?.[order] === undefined ? null : fitted[order] * factorial / scale ** order;
      return result !== null && Number.isFinite(result) ? result : null;
    };
    return [derivative(1, 1), derivative(2, 2), derivative(3, 6)];
  });
}

/** Coefficients of the polynomial, lowest first, by QR with modified Gram-Schmidt; null where the times do not determine it. */
function fit(times: readonly number[], values: readonly number[], degree: number): number[] | null {
  const columns = Array.from({ length: degree + 1 }, (_, power) => times.map((time) => time ** power));
  const upper = columns.map(() => columns.map(() => 0));
  const projected: number[] = [];
  let rest = [...values];
  for (let k = 0; k <= degree; k++) {
    let column = columns[k]!;
    const before = Math.sqrt(dot(column, column));
    for (let i = 0; i < k; i++) {
      upper[i]![k] = dot(columns[i]!, column);
      column = minus(column, columns[i]!, upper[i]![k]!);
    }
    const length = Math.sqrt(dot(column, column));
    if (!(length > DEPENDENT * before)) return null;
    upper[k]![k] = length;
    columns[k] = column.map((entry) => entry / length);
    projected[k] = dot(columns[k]!, rest);
    rest = minus(rest, columns[k]!, projected[k]!);
  }
  const result: number[] = [];
  for (let k = degree; k >= 0; k--) {
    let sum = projected[k]!;
    for (let i = k + 1; i <= degree; i++) sum -= upper[k]![i]! * result[i]!;
    result[k] = sum / upper[k]![k]!;
  }
  return result;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, entry, index) => sum + entry * b[index]!, 0);
const minus = (a: readonly number[], b: readonly number[], factor: number): number[] => a.map((entry, index) => entry - factor * b[index]!);
