import { useEffect, useRef, type RefObject } from 'react';

/** A new screen begins at its heading, for whoever hears it instead of seeing it. Give the heading `tabIndex={-1}`. */
export function useHeadingFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return heading;
}
