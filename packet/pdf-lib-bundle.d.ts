/** What is in the bundle is what the package says it exports. */
declare module '*/pdf-lib/dist/pdf-lib.esm.js' {
  export * from 'pdf-lib';
}
