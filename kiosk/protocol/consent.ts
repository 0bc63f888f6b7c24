/**
 * The notice a guest reads before signing: what is recorded, and who can open it.
 *
 * Both sides need the very same words: the screen shows them and hashes them, the station recomputes
 * the hash and puts the text into the packet. So the text lives here and not in the screens' messages.
 * Change a text: raise `CONSENT_VERSION`.
 */

import type { Role } from './messages.ts';

export const LANGUAGES = ['en', 'sv', 'lv', 'de', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

export function isLanguage(value: string): value is Language {
  return (LANGUAGES as readonly string[]).includes(value);
}

/** Version of the texts below, kept in record and packet. */
export const CONSENT_VERSION = '3';

/** Who runs the desk, who holds the key that opens a signature, and whether the tablet is asked where it is (`tabletPlace` of the station's settings): null where it is not. */
export interface ConsentParties { hotel: string; custodian: string; tabletPlace: { decimals: number } | null }

const TEXTS: Record<Language, readonly string[]> = {
  en: [
    'When you sign, this tablet records how the pen moves: its position, pressure, tilt and time. The drawing of your signature is placed in the document.',
    'The recording of the movement is encrypted. Only {custodian} can open it, and only to examine a signature that is disputed. {hotel} cannot open it.',
    'You may sign on paper instead. That makes no difference to your stay.',
  ],
  sv: [
    'När du skriver under registrerar surfplattan hur pennan rör sig: läge, tryck, lutning och tid. Bilden av din namnteckning placeras i dokumentet.',
    'Registreringen av rörelsen är krypterad. Bara {custodian} kan öppna den, och endast för att granska en namnteckning som bestrids. {hotel} kan inte öppna den.',
    'Du kan skriva under på papper i stället. Det påverkar inte din vistelse.',
  ],
  lv: [
    'Kad parakstāties, planšete reģistrē pildspalvas kustību: novietojumu, spiedienu, slīpumu un laiku. Paraksta attēls tiek ievietots dokumentā.',
    'Kustības ieraksts ir šifrēts. To var atvērt tikai {custodian}, un tikai apstrīdēta paraksta pārbaudei. {hotel} to atvērt nevar.',
    'Jūs varat parakstīties arī uz papīra. Tas neietekmē jūsu uzturēšanos.',
  ],
  de: [
    'Wenn Sie unterschreiben, zeichnet dieses Tablet auf, wie sich der Stift bewegt: Position, Druck, Neigung und Zeit. Das Bild Ihrer Unterschrift wird in das Dokument eingefügt.',
    'Die Aufzeichnung der Bewegung ist verschlüsselt. Nur {custodian} kann sie öffnen, und nur, um eine bestrittene Unterschrift zu prüfen. {hotel} kann sie nicht öffnen.',
    'Sie können stattdessen auf Papier unterschreiben. Für Ihren Aufenthalt macht das keinen Unterschied.',
  ],
  ar: [
    'عند التوقيع يسجّل هذا الجهاز اللوحي حركة القلم: موضعه وضغطه وميله والوقت. وتوضع صورة توقيعك في المستند.',
    'تسجيل الحركة مشفّر. لا يستطيع فتحه إلا {custodian}، وفقط لفحص توقيع متنازع عليه. ولا يستطيع {hotel} فتحه.',
    'يمكنك التوقيع على الورق بدلاً من ذلك، ولن يؤثر ذلك في إقامتك.',
  ],
};

/** Before the last paragraph, where the tablet is asked where it is. */
const PLACE: Record<Language, string> = {
  en: 'The record of this signing also says where this tablet is.',
  sv: 'I uppgifterna om underskriften står också var den här surfplattan finns.',
  lv: 'Parakstīšanas ierakstā ir norādīts arī, kur atrodas šī planšete.',
  de: 'Im Protokoll dieser Unterschrift steht auch, wo sich dieses Tablet befindet.',
  ar: 'ويُذكر في سجل هذا التوقيع أيضاً مكان وجود هذا الجهاز اللوحي.',
};

/** In place of the last paragraph, for a member of staff. */
const STAFF: Record<Language, string> = {
  en: 'You sign this document for {hotel}, as a member of its staff. You may sign on paper instead.',
  sv: 'Du undertecknar dokumentet för {hotel}, som en av dess anställda. Du kan skriva under på papper i stället.',
  lv: 'Jūs parakstāt šo dokumentu {hotel} vārdā kā darbinieks. Jūs varat parakstīties arī uz papīra.',
  de: 'Sie unterschreiben dieses Dokument für {hotel}, als Mitarbeiterin oder Mitarbeiter des Hauses. Sie können stattdessen auf Papier unterschreiben.',
  ar: 'توقّع هذا المستند نيابةً عن {hotel} بصفتك أحد موظفيه. ويمكنك التوقيع على الورق بدلاً من ذلك.',
};

/** The notice in one language, for whoever signs: paragraphs with an empty line between them. Its UTF-8 bytes are what `consentSha256` hashes. */
export function consentText(language: Language, parties: ConsentParties, role: Role = 'guest'): string {
  const first = TEXTS[language].slice(0, -1);
  const last = role === 'staff' ? STAFF[language] : TEXTS[language].at(-1);
  const text = [...first, ...(parties.tabletPlace === null ? [] : [PLACE[language]]), last];
  return text.join('\n\n').replaceAll('{hotel}', parties.hotel).replaceAll('{custodian}', parties.custodian);
}
