/**
 * The words that stand at signature lines, by language (ISO 639-1). Lower case; compared without accents (`folded.ts`).
 * A word that ends in `-` is the beginning of one: `misafir-` is in "misafir" and "misafirin". Scripts that write no spaces are searched inside words.
 */
export interface LabelWords {
  /** "Signature" by itself. */
  sign: readonly string[];
  /** Who signs. */
  guest: readonly string[];
  companion: readonly string[];
  staff: readonly string[];
  /** Small words between them, which say nothing. */
  small: readonly string[];
  date: readonly string[];
}

/** Whole labels that the words above do not compose. */
export const wholeLabels: readonly string[] = ['sign here', 'signed by', 'please sign here', 'hier unterschreiben', 'bitte hier unterschreiben', 'firmare qui', 'firme aquí', 'signez ici'];

/** "Place, date, signature": the place says nothing of who signs. */
export const placeWords: readonly string[] = [
  'ort', 'place', 'lieu', 'lugar', 'local', 'luogo', 'plaats', 'sted', 'paikka', 'koht', 'vieta', 'miejsce', 'miejscowość', 'místo', 'miesto', 'mjesto', 'kraj', 'hely', 'locul', 'localitatea', 'yer', 'τόπος', 'место', 'місце', 'място', 'المكان', 'מקום',
];

/** Between a date and a signature they mean that both are asked for. */
export const andWords: ReadonlySet<string> = new Set(['and', 'und', 'et', 'y', 'e', 'i', 'a', 'og', 'och', 'ja', 'en', 'es', 've', 'un', 'ir', 'in', 'si', 'και', 'и', 'та', 'і', 'و', '和', '及', '与', '與', '及び', '및', 'และ']);

export const labelWords: Readonly<Record<string, LabelWords>> = {
  ar: {
    sign: ['توقيع', 'التوقيع', 'بتوقيع', 'وتوقيع', 'والتوقيع', 'إمضاء', 'الإمضاء', 'والإمضاء'], guest: ['الضيف', 'ضيف', 'النزيل', 'نزيل', 'العميل', 'الزبون', 'الضيفة', 'النزيلة', 'الزائر', 'العميلة', 'للضيف', 'للنزيل'], companion: ['المرافق', 'مرافق', 'المرافقة'],
    staff: ['الموظف', 'موظف', 'الاستقبال', 'الفندق', 'موظفة', 'الموظفة', 'المدير', 'المسؤول'], small: ['من', 'على', 'و'], date: ['التاريخ', 'تاريخ'],
  },
  bg: { sign: ['подпис', 'подписът'], guest: ['гост', 'госта', 'гостът', 'клиент', 'клиента', 'гостите', 'турист-', 'настанен-', 'посетител-'], companion: ['придружител-', 'придружаващ-'], staff: ['рецепция', 'рецепционист-', 'служител-', 'хотел-', 'администратор-', 'управител-'], small: ['на', 'за', 'от', 'и'], date: ['дата'] },
  cs: { sign: ['podpis', 'podpisem'], guest: ['host', 'hosta', 'klient-', 'zákazník-', 'ubytovan-', 'hostů', 'hosté'], companion: ['spolucestující-', 'doprovod-', 'spolubydlící-', 'manžel-'], staff: ['recep-', 'zaměstnan-', 'hotel-', 'pracovník-', 'ubytovatel-'], small: ['a', 'za', 'osoby', 'osoba'], date: ['datum'] },
  da: { sign: ['underskrift', 'signatur'], guest: ['gæst', 'gæsten', 'gæstens', 'kundens', 'kunde', 'hotelgæst-', 'gæsteunderskrift', 'kundeunderskrift', 'lejer', 'lejers'], companion: ['ledsager-', 'medrejsende-'], staff: ['reception-', 'medarbejder-', 'hotel-', 'personale-', 'udlejer-'], small: ['for', 'af', 'fra', 'og'], date: ['dato'] },
  de: {
    sign: ['unterschrift', 'unterschriften', 'unterzeichnung', 'signatur', 'unterzeichner'], guest: ['gast', 'gastes', 'gasts', 'gästin', 'kunde', 'kunden', 'kundin', 'reisender', 'reisenden', 'meldepflichtig-', 'gastunterschrift', 'kundenunterschrift', 'hotelgast-', 'beherbergt-', 'mieter', 'mieters', 'mieterin', 'besucher-', 'karteninhaber-'],
    companion: ['begleitperson-', 'begleiter-', 'mitreisend-', 'begleitung', 'begleitend-', 'ehepartner-', 'ehegatt-', 'ehefrau', 'ehemann', 'partner', 'partnerin', 'partners'], staff: ['rezeption-', 'mitarbeiter-', 'hotel', 'hotels', 'hotelmitarbeiter-', 'personal', 'personalunterschrift', 'personalnummer', 'vermieter-', 'empfang', 'empfangs', 'empfangsmitarbeiter-', 'empfangspersonal', 'gastgeber-', 'beherbergungs-', 'beherberger-', 'hotelleitung', 'direktion'],
    small: ['des', 'der', 'die', 'das', 'vom', 'von', 'dem', 'durch', 'für', 'und', 'person'], date: ['datum'],
  },
  el: { sign: ['υπογραφή'], guest: ['πελάτη', 'πελάτης', 'επισκέπτη', 'επισκέπτης', 'φιλοξενούμεν-'], companion: ['συνοδού', 'συνοδός'], staff: ['υποδοχής', 'ρεσεψιόν', 'υπαλλήλου', 'ξενοδοχείου', 'υπάλληλος'], small: ['του', 'της', 'ο', 'η', 'των', 'και'], date: ['ημερομηνία', 'ημ νία', 'ημ', 'νία'] },
  en: {
    sign: ['signature', 'signatures', 'signed'], guest: ['guest', 'guests', "guest's", 'client', "client's", 'customer', "customer's", 'visitor', "visitor's", 'cardholder', "cardholder's", 'hirer', 'renter', 'applicant', "applicant's", 'participant', "participant's", 'tenant', "tenant's", 'lessee', "lessee's", 'traveller', "traveller's", 'traveler', "traveler's", 'occupant', "occupant's", 'resident', "resident's"],
    companion: ['companion', "companion's", 'accompanying', 'co-guest', 'spouse', "spouse's", 'partner', "partner's", 'witness', 'co-applicant'],
    staff: ['receptionist', "receptionist's", 'reception', 'staff', 'clerk', "clerk's", 'employee', "employee's", 'agent', "agent's", 'hotel', "hotel's", 'manager', "manager's", 'cashier', "cashier's", 'landlord', 'lessor', 'representative', "representative's", 'supervisor', "supervisor's", 'officer', "officer's", 'host', "host's"],
    small: ['of', 'the', 'by', 'for', 'a', 'an', 'and', 'front', 'desk', 'duty', 'member', 'person', 'please'], date: ['date', 'dated'],
  },
  es: { sign: ['firma', 'firmado', 'rúbrica'], guest: ['huésped', 'huéspedes', 'cliente', 'viajero', 'titular', 'arrendatario', 'invitado', 'pasajero'], companion: ['acompañante', 'acompañantes'], staff: ['recepcionista', 'recepción', 'empleado', 'personal', 'hotel', 'establecimiento', 'hotelero', 'encargado', 'arrendador'], small: ['de', 'del', 'la', 'el', 'los', 'por', 'y', 'o', 'a'], date: ['fecha'] },
  et: { sign: ['allkiri', 'allkirja'], guest: ['külalis-', 'külastaja-', 'kliendi', 'klient', 'hotellikülalis-'], companion: ['kaaslas-', 'saatja-', 'kaasreisija-', 'abikaasa'], staff: ['vastuvõtu-', 'administraator-', 'töötaja-', 'hotelli', 'teenindaja-'], small: ['ja'], date: ['kuupäev'] },
  fi: { sign: ['allekirjoitus', 'allekirjoitukset', 'allekirjoittaja'], guest: ['vieraan', 'vieras', 'asiakkaan', 'asiakas', 'matkustajan', 'majoittujan', 'hotellivieraan', 'vieraiden', 'varaajan', 'vuokralaisen'], companion: ['seuralaisen', 'seuralainen', 'saattajan', 'kanssamatkustajan', 'puolison'], staff: ['vastaanot-', 'virkailijan', 'hotellin', 'työntekijän', 'henkilökunnan', 'vuokranantajan'], small: ['ja'], date: ['päivämäärä', 'päiväys', 'pvm'] },
  fr: { sign: ['signature', 'signatures', 'signé'], guest: ['client', 'cliente', 'clients', 'hôte', 'voyageur', 'voyageuse', 'titulaire', 'invité', 'locataire'], companion: ['accompagnant', 'accompagnateur', 'accompagnatrice', 'accompagnante', 'conjoint'], staff: ['réceptionniste', 'réception', 'personnel', 'hôtelier', 'hôtel', 'employé', 'établissement', 'exploitant', 'gérant', 'direction', 'hébergeur', 'bailleur'], small: ['du', 'de', 'la', 'le', 'des', 'par', 'et', 'ou', 'les'], date: ['date', 'le'] },
  he: { sign: ['חתימה', 'חתימת', 'וחתימה'], guest: ['האורח', 'אורח', 'הלקוח', 'לקוח', 'האורחת', 'אורחת', 'הלקוחה', 'המתארח', 'השוכר'], companion: ['המלווה', 'מלווה'], staff: ['הפקיד', 'פקיד', 'הקבלה', 'העובד', 'המלון', 'קבלה', 'נציג', 'מלון', 'המשכיר'], small: ['של'], date: ['תאריך'] },
  hr: { sign: ['potpis'], guest: ['gost', 'gosta', 'klijent-', 'putnik-', 'gošć-', 'strank-', 'korisnik-'], companion: ['pratitelj-', 'pratnj-', 'suputnik-'], staff: ['recep-', 'djelatnik-', 'zaposlenik-', 'hotel-', 'osoblj-'], small: ['i', 'za', 'osobe'], date: ['datum'] },
  hu: { sign: ['aláírás', 'aláírása', 'aláírások'], guest: ['vendég', 'vendégé', 'ügyfél', 'utas', 'szállóvendég', 'vendégek', 'bérlő'], companion: ['kísérő', 'kísérőé', 'útitárs', 'házastárs'], staff: ['recepciós', 'recepció', 'munkatárs', 'alkalmazott', 'szálloda', 'szálláshely', 'szállásadó', 'szállodai', 'bérbeadó'], small: ['a', 'az', 'és'], date: ['dátum', 'kelt'] },
  it: { sign: ['firma', 'firme', 'sottoscrizione'], guest: ['ospite', 'ospiti', 'cliente', 'viaggiatore', 'intestatario', 'conduttore'], companion: ['accompagnatore', 'accompagnatrice', 'coniuge'], staff: ['addetto', 'receptionist', 'reception', 'albergo', 'personale', 'gestore', 'impiegato', 'hotel', 'albergatore', 'locatore'], small: ['del', 'della', 'di', 'il', 'la', 'dei', 'e', 'al', 'per'], date: ['data'] },
  ja: { sign: ['署名', 'ご署名', 'サイン'], guest: ['お客様', '宿泊者', 'ご宿泊者', 'ゲスト', '宿泊客', '客', '利用者'], companion: ['同伴者', '同行者', 'ご同伴者'], staff: ['係員', '担当者', 'フロント', '受付', 'スタッフ', 'ホテル', '係', '支配人'], small: ['の', '様', '本人', '欄', '者', 'ご', '御', 'お', '及び', '及'], date: ['日付', '年月日', '署名日'] },
  ko: { sign: ['서명', '사인', '싸인'], guest: ['고객', '투숙객', '손님', '게스트', '투숙자', '숙박자', '숙박객', '이용자', '이용객'], companion: ['동반자', '동행인', '동반인'], staff: ['직원', '담당자', '프런트', '호텔', '프론트', '데스크'], small: ['의', '님', '본인', '란', '및'], date: ['날짜', '일자'] },
  lt: { sign: ['parašas', 'parašą', 'parašai'], guest: ['svečio', 'svečias', 'svečiai', 'kliento', 'klientas', 'klientės', 'svečių', 'keleiv-'], companion: ['lydinčio', 'lydintis', 'lydinčiojo', 'bendrakeleiv-', 'palydov-', 'sutuoktin-'], staff: ['viešbučio', 'priimamojo', 'registratūr-', 'registrator-', 'administrator-', 'darbuotoj-'], small: ['asmens', 'ir'], date: ['data'] },
  lv: { sign: ['paraksts', 'parakstu', 'paraksti', 'parakstīja'], guest: ['viesa', 'viesis', 'viesu', 'klienta', 'klients', 'viešņ-', 'klientes', 'klientu'], companion: ['pavadošās', 'pavadošā', 'pavadonis', 'pavadoņa', 'līdzbrauc-', 'ceļabiedr-', 'laulāt-'], staff: ['viesnīcas', 'uzņemšanas', 'personāla', 'reģistrator-', 'reģistratūr-', 'administrator-', 'darbiniek-', 'darbiniec-'], small: ['personas', 'persona', 'un'], date: ['datums'] },
  nl: { sign: ['handtekening', 'handtekeningen', 'ondertekening', 'paraaf'], guest: ['gast', 'gasten', 'klant', 'huurder', 'hotelgast', 'gastenhandtekening'], companion: ['medereiziger', 'begeleider', 'metgezel', 'reisgenoot', 'medegast'], staff: ['receptie', 'receptionist', 'receptioniste', 'medewerker', 'medewerkster', 'hotel', 'personeel', 'verhuurder'], small: ['van', 'de', 'het', 'een', 'door', 'voor', 'en'], date: ['datum'] },
  no: { sign: ['underskrift', 'signatur'], guest: ['gjest', 'gjesten', 'gjestens', 'kundens', 'kunde', 'hotellgjest-', 'gjesteunderskrift', 'kundeunderskrift', 'leietaker-'], companion: ['ledsager-', 'medreisende-', 'følge-'], staff: ['resepsjon-', 'ansatt-', 'medarbeider-', 'hotell-', 'personale-', 'utleier-'], small: ['for', 'av', 'fra', 'og'], date: ['dato'] },
  pl: { sign: ['podpis', 'podpisy'], guest: ['gość', 'gościa', 'klient', 'klienta', 'klientki', 'meldowan-', 'gości', 'melduj-', 'najemc-', 'turyst-'], companion: ['towarzyszącej', 'towarzyszącego', 'towarzysząca', 'współlokatora', 'współpodróżnego', 'współmałżon-'], staff: ['recepcjonist-', 'recepcji', 'recepcja', 'pracownik-', 'hotel', 'hotelu', 'obsługi', 'przyjmując-', 'wynajmując-'], small: ['osoby', 'osoba', 'i'], date: ['data'] },
  pt: { sign: ['assinatura', 'assinaturas', 'rubrica'], guest: ['hóspede', 'hóspedes', 'cliente', 'titular', 'locatário', 'passageiro'], companion: ['acompanhante', 'acompanhantes'], staff: ['recepcionista', 'rececionista', 'receção', 'recepção', 'funcionário', 'funcionária', 'hotel', 'colaborador', 'locador', 'gerente'], small: ['do', 'da', 'de', 'o', 'a', 'e', 'dos'], date: ['data'] },
  ro: { sign: ['semnătura', 'semnături'], guest: ['oaspete', 'oaspetelui', 'client', 'clientului', 'turist', 'turistului', 'clientei', 'locatarului', 'oaspeților'], companion: ['însoțitor', 'însoțitorului', 'însoțitoarei'], staff: ['hotelului', 'recepț-', 'angajat-', 'administrator-'], small: ['și', 'de', 'a', 'al', 'la'], date: ['data'] },
  ru: { sign: ['подпись', 'подписи'], guest: ['гость', 'гостя', 'клиент', 'клиента', 'проживающ-', 'заказчика', 'постоял-', 'туриста', 'посетителя', 'клиентки'], companion: ['сопровождающ-', 'спутника', 'попутчика', 'супруг-'], staff: ['администратор-', 'сотрудник-', 'ресепшн', 'портье', 'гостиниц-', 'отеля', 'исполнителя', 'менеджера'], small: ['лица', 'и', 'лицо'], date: ['дата'] },
  sk: { sign: ['podpis'], guest: ['hosť', 'hosťa', 'klient-', 'zákazník-', 'ubytovan-'], companion: ['spolucestujúc-', 'sprievod-', 'spolubývajúc-', 'manžel-'], staff: ['recep-', 'zamestnan-', 'hotel-', 'pracovník-', 'ubytovateľ-'], small: ['a', 'za', 'osoby'], date: ['dátum'] },
  sl: { sign: ['podpis'], guest: ['gost', 'gosta', 'stranke', 'stranka', 'gostje', 'gostov'], companion: ['spremljevalc-', 'spremljevalec', 'sopotnik-'], staff: ['receptor-', 'recepcij-', 'uslužbenc-', 'hotel-', 'zaposlen-'], small: ['in', 'za', 'osebe'], date: ['datum'] },
  sv: { sign: ['underskrift', 'namnteckning', 'signatur', 'namnunderskrift'], guest: ['gäst', 'gästen', 'gästens', 'kund', 'kundens', 'resenärens', 'hotellgäst-', 'gästunderskrift', 'kundunderskrift', 'hyresgäst-'], companion: ['medföljande-', 'medresenär-', 'ledsagare-'], staff: ['reception-', 'personal', 'personalen', 'personalens', 'medarbetar-', 'hotell-', 'handläggar-', 'hyresvärd-'], small: ['av', 'för', 'från', 'och'], date: ['datum'] },
  th: { sign: ['ลายเซ็น', 'ลายมือชื่อ', 'ลงชื่อ', 'ลงนาม', 'ลงลายมือชื่อ', 'ลายเซ็นต์'], guest: ['ผู้เข้าพัก', 'ลูกค้า', 'แขก', 'ผู้พักแรม', 'ผู้พัก', 'ผู้ใช้บริการ'], companion: ['ผู้ติดตาม', 'ผู้ร่วมเดินทาง'], staff: ['พนักงาน', 'เจ้าหน้าที่', 'แผนกต้อนรับ', 'โรงแรม', 'ผู้จัดการ'], small: ['ของ', 'ต้อนรับ', 'และ'], date: ['วันที่'] },
  tr: { sign: ['imza', 'imzası'], guest: ['misafir-', 'konuk-', 'konuğ-', 'müşteri-'], companion: ['eşlik', 'refakatçi-'], staff: ['çalışan', 'resepsiyon-', 'personel-', 'görevli-', 'otel-'], small: ['ve', 'eden', 'kişinin'], date: ['tarih'] },
  uk: { sign: ['підпис', 'підписи'], guest: ['гість', 'гостя', 'клієнт-', 'мешканця', 'постоял-', 'відвідувач-', 'замовник-'], companion: ['супутника', 'супроводжуюч-', 'супроводжувач-', 'подруж-'], staff: ['адміністратор-', 'працівник-', 'рецепці-', 'готел-', 'співробітник-', 'портьє'], small: ['особи', 'та', 'і'], date: ['дата'] },
  zh: { sign: ['签名', '签字', '簽名', '簽字', '签署', '簽署', '签章', '簽章'], guest: ['客人', '宾客', '住客', '賓客', '旅客', '顾客', '客户', '客戶', '顧客', '貴賓', '房客', '租客', '入住人'], companion: ['同行人', '同住人', '随行人', '同行者', '同伴'], staff: ['前台', '接待员', '接待', '员工', '經辦人', '经办人', '酒店', '職員', '員工', '櫃檯', '櫃台', '前臺', '前檯', '飯店', '服务员', '工作人员'], small: ['的', '处', '人', '員', '员', '栏', '欄', '及', '和', '與', '与'], date: ['日期'] },
};
