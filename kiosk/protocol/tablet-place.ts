/**
 * Where a tablet says it is (W3C Geolocation), as coarse as the hotel's policy wants it. Rounded on the tablet, so that nothing finer
 * leaves it, and by the station once more, which does not believe the tablet.
 */
export interface Position {
  /** Degrees, WGS 84. */
  latitude: number;
  longitude: number;
  /** Metres, as the browser says, with 95 % confidence. */
  accuracy: number;
}

/** Why a tablet did not say. `late`: nothing came until the guest was done. */
export const POSITION_LACKS = ['refused', 'unavailable', 'late'] as const;
export type PositionLack = (typeof POSITION_LACKS)[number];

/** @param decimals of a degree; four are about eleven metres */
export function roundedPosition({ latitude, longitude, accuracy }: Position, decimals: number): Position {
  const round = (degrees: number): number => Number(degrees.toFixed(decimals));
  return { latitude: round(latitude), longitude: round(longitude), accuracy: Math.ceil(accuracy) };
}
