/**
 * The words that stand at a signature line, by language and signer. Lower case, NFKC, no punctuation.
 * `anyone` is used only where a document names neither guest nor companion.
 */
export type Signer = 'guest' | 'companion' | 'anyone';

const phrasesByLanguage: Record<string, Record<Signer, string[]>> = {
  ar: { guest: ['توقيع الضيف', 'توقيع النزيل'], companion: ['توقيع المرافق'], anyone: ['التوقيع', 'توقيع'] },
  cs: { guest: ['podpis hosta'], companion: ['podpis spolucestujícího', 'podpis doprovodu'], anyone: ['podpis'] },
  da: { guest: ['gæstens underskrift'], companion: ['ledsagerens underskrift'], anyone: ['underskrift'] },
  de: { guest: ['unterschrift des gastes', 'unterschrift gast', 'gastunterschrift', 'unterschrift der gästin'], companion: ['unterschrift der begleitperson', 'unterschrift begleitperson', 'unterschrift des mitreisenden'], anyone: ['unterschrift'] },
  el: { guest: ['υπογραφή πελάτη', 'υπογραφή επισκέπτη'], companion: ['υπογραφή συνοδού'], anyone: ['υπογραφή'] },
  en: { guest: ['guest signature', 'signature of guest', 'signature of the guest', "guest's signature"], companion: ['companion signature', 'signature of companion', 'signature of the companion', "companion's signature", 'accompanying guest signature'], anyone: ['signature', 'sign here', 'signed by'] },
  es: { guest: ['firma del huésped', 'firma del cliente'], companion: ['firma del acompañante'], anyone: ['firma'] },
  et: { guest: ['külastaja allkiri', 'külalise allkiri'], companion: ['kaaslase allkiri'], anyone: ['allkiri'] },
  fi: { guest: ['vieraan allekirjoitus', 'asiakkaan allekirjoitus'], companion: ['seuralaisen allekirjoitus'], anyone: ['allekirjoitus'] },
  fr: { guest: ['signature du client', 'signature de la cliente', "signature de l'hôte"], companion: ["signature de l'accompagnant", "signature de l'accompagnateur"], anyone: ['signature'] },
  he: { guest: ['חתימת האורח'], companion: ['חתימת המלווה'], anyone: ['חתימה'] },
  hu: { guest: ['vendég aláírása'], companion: ['kísérő aláírása'], anyone: ['aláírás'] },
  it: { guest: ["firma dell'ospite", 'firma del cliente', 'firma ospite'], companion: ["firma dell'accompagnatore"], anyone: ['firma'] },
  ja: { guest: ['お客様署名', 'お客様ご署名', '宿泊者署名'], companion: ['同伴者署名'], anyone: ['署名', 'ご署名'] },
  lt: { guest: ['svečio parašas'], companion: ['lydinčio asmens parašas'], anyone: ['parašas'] },
  lv: { guest: ['viesa paraksts'], companion: ['pavadošās personas paraksts', 'līdzbraucēja paraksts'], anyone: ['paraksts'] },
  nl: { guest: ['handtekening gast', 'handtekening van de gast'], companion: ['handtekening medereiziger', 'handtekening begeleider'], anyone: ['handtekening'] },
  no: { guest: ['gjestens underskrift', 'gjestens signatur'], companion: ['ledsagerens underskrift'], anyone: ['underskrift', 'signatur'] },
  pl: { guest: ['podpis gościa'], companion: ['podpis osoby towarzyszącej'], anyone: ['podpis'] },
  pt: { guest: ['assinatura do hóspede', 'assinatura do cliente'], companion: ['assinatura do acompanhante'], anyone: ['assinatura'] },
  ro: { guest: ['semnătura oaspetelui', 'semnătura clientului'], companion: ['semnătura însoțitorului'], anyone: ['semnătura', 'semnătură'] },
  ru: { guest: ['подпись гостя'], companion: ['подпись сопровождающего', 'подпись сопровождающего лица'], anyone: ['подпись'] },
  sk: { guest: ['podpis hosťa'], companion: ['podpis spolucestujúceho'], anyone: ['podpis'] },
  sv: { guest: ['gästens underskrift', 'gästens namnteckning'], companion: ['medföljandes underskrift', 'medresenärens underskrift'], anyone: ['underskrift', 'namnteckning'] },
  th: { guest: ['ลายเซ็นผู้เข้าพัก', 'ลายมือชื่อผู้เข้าพัก'], companion: ['ลายเซ็นผู้ติดตาม'], anyone: ['ลายเซ็น', 'ลายมือชื่อ'] },
  tr: { guest: ['misafir imzası', 'konuk imzası'], companion: ['refakatçi imzası'], anyone: ['imza'] },
  uk: { guest: ['підпис гостя'], companion: ['підпис супутника'], anyone: ['підпис'] },
  zh: { guest: ['客人签名', '客人签字', '宾客签名', '宾客签字', '客人簽名'], companion: ['同行人签名', '同住人签名', '同行人簽名'], anyone: ['签名', '签字', '簽名'] },
};

const phrases = new Map<string, Signer>(Object.values(phrasesByLanguage).flatMap((bySigner) =>
  (['anyone', 'companion', 'guest'] as const).flatMap((signer) => bySigner[signer].map((phrase) => [phrase, signer] as const))));

/** A label may add a little ("X Guest signature, date"), a sentence that mentions signing adds more. */
const addedLetters = 12;

/**
 * Whose signature a piece of text labels, or null if it is no label.
 * @param text as read from the page; labels in several languages side by side are split at `/`, `|` and dashes.
 */
export function labelOf(text: string): Signer | null {
  const parts = text.normalize('NFKC').toLowerCase().split(/[/|–—]|\s-\s/u).map(plain);
  const signers = parts.map(signerOf).filter((signer) => signer !== null);
  return signers.find((signer) => signer !== 'anyone') ?? signers[0] ?? null;
}

/** Letters and single spaces; the apostrophe that belongs to a word stays, in one form. */
function plain(text: string): string {
  return text.replaceAll(/[’`´]/gu, "'").replaceAll(/[^\p{L}\p{M}']+/gu, ' ').trim();
}

function signerOf(part: string): Signer | null {
  const exact = phrases.get(part);
  if (exact !== undefined) return exact;
  let best: { phrase: string; signer: Signer } | null = null;
  for (const [phrase, signer] of phrases) {
    const longer = part.length - phrase.length;
    if (signer === 'anyone' || longer > addedLetters || phrase.length <= (best?.phrase.length ?? 0)) continue;
    if (` ${part} `.includes(` ${phrase} `)) best = { phrase, signer };
  }
  return best?.signer ?? null;
}
