/**
 * Words as they are compared: lower case and without accents, since old programs print none ("Alairas", "Semnatura"), capitals
 * lose them ("ΥΠΟΓΡΑΦΗ"), and a Turkish capital has a dot of its own. Lists and texts are folded alike.
 * Before: `label-words.ts`, `page-text.ts`. After: `label.ts`, `hints.ts`.
 */

/** Other marks belong to the letter: Thai vowels, the Japanese voiced sound mark. */
export function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/[\u0300-\u036F]/gu, '').normalize('NFKC').toLowerCase().replaceAll('\u0307', '').replaceAll('ı', 'i').replaceAll('ς', 'σ');
}
