/**
 * pdf-lib as one file instead of 350: the bundle that its package carries, which a plain import does not find. A process that
 * opens a PDF starts on 0.2 s of processor less. Everything of ours comes here for pdf-lib: what two copies
 * of it make is strange to each other.
 */
export * from '../node_modules/pdf-lib/dist/pdf-lib.esm.js';
