/**
 * In what language a document is written, from its small words, so that the guest's screen can begin in it. Scripts that
 * only one language here uses decide by themselves.
 * Before: `search.ts`.
 */
/** Frequent words and words of hotels' forms that the neighbours do not have. */
const words: Readonly<Record<string, string>> = {
  bg: 'и на за от се да е по при ще гост хотел дата стая престой вашите които този',
  cs: 'a na za se je do pro ve při které tento host hotel datum pokoj příjezd odjezd jméno souhlasím že jsou byl',
  da: 'og af er til at det den en med ikke jeg værelse ankomst afrejse gæst navn dato underskrift accepterer oplysningerne værelset gæstens efter bliver også',
  de: 'und der die das ist mit von zu den dem des ich nicht ein eine für auf wird sie gast zimmer anreise abreise datum unterschrift bei',
  en: 'and the of to is in for with on by that this will be are guest room arrival departure date signature name i you your or any',
  es: 'y de la el los las en que para con por una del se huésped habitación llegada salida fecha firma nombre su al es',
  et: 'ja on ei see ma kui või et külaline tuba saabumine lahkumine kuupäev allkiri nimi hotelli oma olen',
  fi: 'ja on ei että tai se olen hotellin vieras huone saapuminen lähtö päivämäärä allekirjoitus nimi sekä jos kun',
  fr: 'et de la le les des du en que pour avec par une un client chambre arrivée départ date signature nom je vous est sont au',
  hr: 'i na za od se je do u gost soba dolazak odlazak datum potpis ime hotela prihvaćam su koji ili s',
  hu: 'és a az hogy nem egy van vendég szoba érkezés távozás dátum aláírás név vagy én meg szálloda elfogadom',
  it: 'e di la il le che per con del della una un si ospite camera arrivo partenza data firma nome non sono al i',
  lt: 'ir yra su kad bei ar į iš už svečias kambarys atvykimas išvykimas data parašas vardas sutinku viešbučio',
  lv: 'un ir ar par no uz ka vai es viesis viesa numurs ierašanās izbraukšana datums paraksts vārds piekrītu viesnīcas līdz tiek',
  nl: 'en de het een van is dat voor met op niet ik gast kamer aankomst vertrek datum handtekening naam te bij aan of',
  no: 'og av er til å det den en med ikke jeg rom ankomst avreise gjest navn dato underskrift godtar hotellets opplysningene rommet gjestens etter blir også',
  pl: 'i w na z do się nie jest że dla gość pokój przyjazd wyjazd data podpis imię hotelu oraz przez od',
  pt: 'e de a o do da os as em que para com por uma um hóspede quarto chegada saída data assinatura nome não ao no na',
  ro: 'și de la în cu pe din nu este pentru oaspete camera sosire plecare data semnătura nume hotelului sunt să care',
  ru: 'и в на с по не что для от гость номер заезд выезд дата подпись имя гостиницы я при или это согласен',
  sk: 'a na za sa je do pre vo pri ktoré tento hosť hotel dátum izba príchod odchod meno súhlasím že sú alebo',
  sl: 'in na za od se je do v gost soba prihod odhod datum podpis ime hotela soglašam so ali ki pri',
  sv: 'och av är att det den en med inte jag rum ankomst avresa gäst namn datum underskrift godkänner till på för som',
  tr: 've bir bu için ile da de misafir oda giriş çıkış tarih imza adı soyadı otel kabul ediyorum olarak',
  uk: 'і в на з по не що для від гість номер заїзд виїзд дата підпис готелю я при або це згоден та',
};
const scripts: readonly [string, RegExp][] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu], ['ko', /\p{Script=Hangul}/gu], ['zh', /\p{Script=Han}/gu], ['th', /\p{Script=Thai}/gu],
  ['he', /\p{Script=Hebrew}/gu], ['ar', /\p{Script=Arabic}/gu], ['el', /\p{Script=Greek}/gu],
];

const languagesOf = new Map<string, string[]>();
for (const [language, list] of Object.entries(words)) for (const word of list.split(' ')) languagesOf.set(word, [...languagesOf.get(word) ?? [], language]);

const read = 40_000;
/** So many words must speak for the language, and so much more than for the next. */
const fewest = 3;
const margin = 1.15;
/** A sign of these scripts stands for about so many letters of others. */
const weight: Readonly<Record<string, number>> = { ja: 3, zh: 3, ko: 2 };

/** @returns a primary tag of BCP 47, or null where nothing is clear. */
export function languageOf(text: string): string | null {
  const part = text.slice(0, read).toLowerCase();
  const letters = part.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return null;
  const counts = scripts.map(([language, script]) => [language, (part.match(script)?.length ?? 0) * (weight[language] ?? 1)] as const);
  const others = letters - counts.reduce((sum, [language, count]) => sum + count / (weight[language] ?? 1), 0);
  const [script, most] = counts.reduce((a, b) => (b[1] > a[1] ? b : a));
  if (most > others) {
    // Japanese is written with Han as well; kana beside them tell.
    const kana = counts[0]?.[1] ?? 0;
    return script === 'zh' && kana > most / 10 ? 'ja' : script;
  }
  const scores = new Map<string, number>();
  for (const [word] of part.matchAll(/[\p{L}\p{M}]+/gu)) {
    const languages = languagesOf.get(word) ?? [];
    // A word of many languages says little.
    for (const language of languages) scores.set(language, (scores.get(language) ?? 0) + 1 / languages.length);
  }
  const [first, second] = [...scores].sort((a, b) => b[1] - a[1]);
  return first === undefined || first[1] < fewest || first[1] < margin * (second?.[1] ?? 0) ? null : first[0];
}
