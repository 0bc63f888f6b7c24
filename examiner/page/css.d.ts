/** Style sheets are imported for Vite to find. */
declare module '*.css';
