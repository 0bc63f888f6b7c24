/** The guest's messages in every language of `kiosk/protocol/consent.ts`, and how to fill them in. */
import type { Language } from '#kiosk/protocol/consent.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en, type Messages } from './en.ts';
import { lv } from './lv.ts';
import { sv } from './sv.ts';

export type { Messages } from './en.ts';

export const MESSAGES: Record<Language, Messages> = { en, sv, lv, de, ar };

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** Puts values into the `{names}` of a message. */
export function fill(message: string, values: Record<string, string | number>): string {
  return message.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
