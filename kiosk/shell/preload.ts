/**
 * The one thing the guest screen may ask of the shell. Bundled as a single CommonJS file: a sandboxed
 * preload can import nothing but `electron`.
 */
import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('kiosk', {
  /** The guest is gone: give the next one a renderer process that never saw this one's strokes. */
  guestEnded: (): void => ipcRenderer.send('guest-ended'),
});
