/**
 * What stands on a signature pad's own screen, in the guest's language. The station draws that screen, so the words are here
 * and not in the screens' messages; they are the same words as on the page.
 */
import type { Language } from './consent.ts';

export interface PadWords { sign: string; ok: string; clear: string; cancel: string; direction: 'ltr' | 'rtl' }

export const PAD_WORDS: Record<Language, PadWords> = {
  en: { sign: 'Sign here', ok: 'Done', clear: 'Clear', cancel: 'Cancel', direction: 'ltr' },
  sv: { sign: 'Skriv under här', ok: 'Klar', clear: 'Rensa', cancel: 'Avbryt', direction: 'ltr' },
  lv: { sign: 'Parakstieties šeit', ok: 'Gatavs', clear: 'Notīrīt', cancel: 'Atcelt', direction: 'ltr' },
  de: { sign: 'Hier unterschreiben', ok: 'Fertig', clear: 'Löschen', cancel: 'Abbrechen', direction: 'ltr' },
  ar: { sign: 'وقّع هنا', ok: 'تم', clear: 'مسح', cancel: 'إلغاء', direction: 'rtl' },
};
