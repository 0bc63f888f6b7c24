/** The few line icons of both screens, drawn on a 24 unit grid. Decoration only: each stands beside or under a name. */
const PATHS = {
  minus: 'M5 12h14',
  plus: 'M12 5v14M5 12h14',
  previous: 'M15 5l-7 7 7 7',
  back: 'M9 6l-5 5 5 5M4 11h10a6 6 0 0 1 6 6v2',
  next: 'M9 5l7 7-7 7',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  pen: 'M4 20l1.2-5L16.5 3.7a1.7 1.7 0 0 1 2.4 0l1.4 1.4a1.7 1.7 0 0 1 0 2.4L9 18.8 4 20z',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3.6 6 3.6 9s-.6 6-3.6 9c-3-3-3.6-6-3.6-9S9 6 12 3z',
  reading: 'M4 6h16M4 11h16M4 16h10',
  swap: 'M4 8h15l-4-4M20 16H5l4 4',
  check: 'M4.5 12.5l5 5 10-11',
  clear: 'M4 20h16M7 20l-3.2-3.2a1.6 1.6 0 0 1 0-2.3L13 5.3a1.6 1.6 0 0 1 2.3 0l4 4a1.6 1.6 0 0 1 0 2.3L11 20',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  file: 'M6.5 3H14l4.5 4.5V21h-12zM14 3v4.5h4.5',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  printer: 'M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z',
  play: 'M8 5l11 7-11 7z',
  pad: 'M3 7h13v12H3zM6 15.5c1.5-4 2.5-4 3 0s1.5 0 3.5-2M14 11l5.5-7.5 1.5 1.1L15.5 12l-1.9.9z',
  alert: 'M12 4L2.5 20h19zM12 10v5M12 17.5v.01',
  target: 'M12 3v18M3 12h18M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10z',
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }): React.JSX.Element {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
