/**
 * Builds `kiosk/screens`, for production, into `dist/screens`, served by the station under `/screens/`.
 *
 * Nothing inline and nothing from elsewhere, so that the pages live under the station's CSP; what pdf.js
 * loads at run time (character maps, standard fonts, wasm decoders, colour profiles) is copied beside them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const root = join(import.meta.dirname, 'kiosk/screens');

function pdfjsFiles(): Plugin {
  const from = join(import.meta.dirname, 'node_modules/pdfjs-dist');
  return {
    name: 'pdfjs-files',
    generateBundle() {
      for (const folder of ['cmaps', 'standard_fonts', 'wasm', 'iccs']) {
        // quickjs runs scripts inside PDFs: nothing here ever should
        for (const name of readdirSync(join(from, folder)).filter((name) => !name.startsWith('quickjs'))) {
          this.emitFile({ type: 'asset', fileName: `pdfjs/${folder}/${name}`, source: readFileSync(join(from, folder, name)) });
        }
      }
    },
  };
}

export default defineConfig({
  root,
  base: '/screens/',
  plugins: [react(), pdfjsFiles()],
  build: {
    outDir: join(import.meta.dirname, 'dist/screens'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'chrome120',
    chunkSizeWarningLimit: 1_500,
    rollupOptions: { input: { guest: join(root, 'guest/index.html'), desk: join(root, 'desk/index.html'), genuine: join(root, 'genuine/index.html') } },
  },
});
