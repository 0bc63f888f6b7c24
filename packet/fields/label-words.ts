/**
 * The words that stand at signature lines, by language (ISO 639-1). Lower case, NFKC. A word that ends in `-` is the
 * beginning of one: `parakst-` is in "paraksts" and "parakstu". Scripts that write no spaces are searched inside words.
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

export const labelWords: Readonly<Record<string, LabelWords>> = {
  ar: {
    sign: ['توقيع', 'التوقيع', 'بتوقيع', 'وتوقيع'], guest: ['الضيف', 'ضيف', 'النزيل', 'نزيل', 'العميل', 'الزبون'], companion: ['المرافق', 'مرافق', 'المرافقة'],
    staff: ['الموظف', 'موظف', 'الاستقبال', 'الفندق', 'موظفة'], small: ['من', 'على'], date: ['التاريخ', 'تاريخ'],
  },
  bg: { sign: ['подпис', 'подписът'], guest: ['гост', 'госта', 'гостът', 'клиент', 'клиента'], companion: ['придружител-', 'придружаващ-'], staff: ['рецепция', 'рецепционист-', 'служител-', 'хотел-'], small: ['на', 'за', 'от'], date: ['дата'] },
  cs: { sign: ['podpis', 'podpisem'], guest: ['host', 'hosta', 'klient-', 'zákazník-', 'ubytovan-'], companion: ['spolucestující-', 'doprovod-', 'spolubydlící-'], staff: ['recep-', 'zaměstnan-', 'hotel-', 'pracovník-'], small: ['a', 'za', 'osoby', 'osoba'], date: ['datum'] },
  da: { sign: ['underskrift', 'signatur'], guest: ['gæst', 'gæsten', 'gæstens', 'kundens', 'kunde'], companion: ['ledsager-', 'medrejsende-'], staff: ['reception-', 'medarbejder-', 'hotel-', 'personale-'], small: ['for', 'af', 'fra', 'og'], date: ['dato'] },
  de: {
    sign: ['unterschrift', 'unterschriften', 'unterzeichnung', 'signatur', 'unterzeichner'], guest: ['gast', 'gastes', 'gasts', 'gästin', 'kunde', 'kunden', 'kundin', 'reisender', 'reisenden', 'meldepflichtig-', 'gastunterschrift', 'kundenunterschrift', 'hotelgast-', 'beherbergt-'],
    companion: ['begleitperson-', 'begleiter-', 'mitreisend-', 'begleitung', 'begleitend-'], staff: ['rezeption-', 'mitarbeiter-', 'empfang-', 'hotel', 'hotels', 'hotelmitarbeiter-', 'personal', 'vermieter-'],
    small: ['des', 'der', 'die', 'das', 'vom', 'von', 'dem', 'durch', 'für', 'und', 'person'], date: ['datum'],
  },
  el: { sign: ['υπογραφή', 'υπογραφη'], guest: ['πελάτη', 'πελατη', 'πελάτης', 'επισκέπτη', 'επισκέπτης', 'φιλοξενούμεν-'], companion: ['συνοδού', 'συνοδός', 'συνοδου'], staff: ['υποδοχής', 'ρεσεψιόν', 'υπαλλήλου', 'ξενοδοχείου', 'υπάλληλος'], small: ['του', 'της', 'ο', 'η', 'των'], date: ['ημερομηνία', 'ημερομηνια', 'ημ νία'] },
  en: {
    sign: ['signature', 'signatures', 'signed'], guest: ['guest', 'guests', "guest's", 'client', "client's", 'customer', "customer's", 'visitor', "visitor's", 'cardholder', "cardholder's", 'hirer', 'renter', 'applicant', "applicant's", 'participant', "participant's"],
    companion: ['companion', "companion's", 'accompanying', 'co-guest', 'spouse', "spouse's", 'partner', "partner's", 'witness', 'co-applicant'],
    staff: ['receptionist', "receptionist's", 'reception', 'staff', 'clerk', "clerk's", 'employee', "employee's", 'agent', "agent's", 'hotel', "hotel's", 'manager', "manager's", 'cashier', "cashier's", 'landlord', 'lessor'],
    small: ['of', 'the', 'by', 'for', 'a', 'an', 'and', 'front', 'desk', 'duty', 'member', 'person', 'please'], date: ['date', 'dated'],
  },
  es: { sign: ['firma', 'firmado', 'rúbrica'], guest: ['huésped', 'huesped', 'huéspedes', 'cliente', 'viajero', 'titular'], companion: ['acompañante', 'acompañantes'], staff: ['recepcionista', 'recepción', 'recepcion', 'empleado', 'personal', 'hotel', 'establecimiento'], small: ['de', 'del', 'la', 'el', 'los', 'por', 'y', 'o', 'a'], date: ['fecha'] },
  et: { sign: ['allkiri', 'allkirja'], guest: ['külalis-', 'külastaja-', 'kliendi', 'klient'], companion: ['kaaslas-', 'saatja-', 'kaasreisija-'], staff: ['vastuvõtu-', 'administraator-', 'töötaja-', 'hotelli', 'teenindaja-'], small: ['ja'], date: ['kuupäev'] },
  fi: { sign: ['allekirjoitus', 'allekirjoitukset', 'allekirjoittaja'], guest: ['vieraan', 'vieras', 'asiakkaan', 'asiakas', 'matkustajan', 'majoittujan'], companion: ['seuralaisen', 'seuralainen', 'saattajan', 'kanssamatkustajan'], staff: ['vastaanot-', 'virkailijan', 'hotellin', 'työntekijän', 'henkilökunnan'], small: ['ja'], date: ['päivämäärä', 'päiväys', 'pvm'] },
  fr: { sign: ['signature', 'signatures', 'signé'], guest: ['client', 'cliente', 'clients', "l'hôte", 'hôte', 'voyageur', 'voyageuse', "l'invité", 'titulaire'], companion: ["l'accompagnant", "l'accompagnante", "l'accompagnateur", 'accompagnant', 'accompagnateur', 'accompagnatrice', "l'accompagnatrice"], staff: ['réceptionniste', 'réception', "l'hôtel", "l'employé", 'personnel', 'hôtelier', "l'établissement"], small: ['du', 'de', 'la', 'le', 'des', 'par', 'et', 'ou', 'les'], date: ['date', 'le'] },
  he: { sign: ['חתימה', 'חתימת', 'וחתימה'], guest: ['האורח', 'אורח', 'הלקוח', 'לקוח', 'האורחת'], companion: ['המלווה', 'מלווה'], staff: ['הפקיד', 'פקיד', 'הקבלה', 'העובד', 'המלון', 'קבלה'], small: ['של'], date: ['תאריך'] },
  hr: { sign: ['potpis'], guest: ['gost', 'gosta', 'klijent-', 'putnik-'], companion: ['pratitelj-', 'pratnj-', 'suputnik-'], staff: ['recep-', 'djelatnik-', 'zaposlenik-', 'hotel-', 'osoblj-'], small: ['i', 'za', 'osobe'], date: ['datum'] },
  hu: { sign: ['aláírás', 'aláírása', 'aláírások'], guest: ['vendég', 'vendégé', 'ügyfél', 'utas', 'szállóvendég'], companion: ['kísérő', 'kísérőé', 'útitárs'], staff: ['recepciós', 'recepció', 'munkatárs', 'alkalmazott', 'szálloda', 'szálláshely'], small: ['a', 'az', 'és'], date: ['dátum', 'kelt'] },
  it: { sign: ['firma', 'firme', 'sottoscrizione'], guest: ["dell'ospite", "l'ospite", 'ospite', 'ospiti', 'cliente', 'viaggiatore', 'intestatario'], companion: ["dell'accompagnatore", "dell'accompagnatrice", 'accompagnatore', 'accompagnatrice'], staff: ["dell'addetto", 'addetto', 'receptionist', 'reception', "dell'albergo", 'albergo', 'personale', "dell'impiegato", "dell'hotel", 'gestore'], small: ['del', 'della', 'di', 'il', 'la', 'dei', 'e', 'al', 'per'], date: ['data'] },
  ja: { sign: ['署名', 'ご署名', 'サイン'], guest: ['お客様', '宿泊者', 'ご宿泊者', 'ゲスト'], companion: ['同伴者', '同行者', 'ご同伴者'], staff: ['係員', '担当者', 'フロント', '受付', 'スタッフ', 'ホテル'], small: ['の', '様', '本人', '欄', '者'], date: ['日付', '年月日', '署名日'] },
  ko: { sign: ['서명', '사인'], guest: ['고객', '투숙객', '손님', '게스트'], companion: ['동반자', '동행인', '동반인'], staff: ['직원', '담당자', '프런트', '호텔'], small: ['의', '님'], date: ['날짜', '일자'] },
  lt: { sign: ['parašas', 'parašą', 'parašai'], guest: ['svečio', 'svečias', 'svečiai', 'kliento', 'klientas', 'klientės'], companion: ['lydinčio', 'lydintis', 'lydinčiojo', 'palydovo', 'bendrakeleivio'], staff: ['registratūros', 'registratoriaus', 'administratoriaus', 'darbuotojo', 'viešbučio', 'priimamojo'], small: ['asmens', 'ir'], date: ['data'] },
  lv: { sign: ['paraksts', 'parakstu', 'paraksti', 'parakstīja'], guest: ['viesa', 'viesis', 'viesu', 'klienta', 'klients'], companion: ['pavadošās', 'pavadošā', 'pavadonis', 'pavadoņa', 'līdzbraucēja', 'līdzbraucējs', 'ceļabiedra'], staff: ['reģistratora', 'reģistratūras', 'administratora', 'darbinieka', 'darbinieces', 'viesnīcas', 'uzņemšanas', 'personāla'], small: ['personas', 'persona', 'un'], date: ['datums'] },
  nl: { sign: ['handtekening', 'handtekeningen', 'ondertekening', 'paraaf'], guest: ['gast', 'gasten', 'klant', 'huurder'], companion: ['medereiziger', 'begeleider', 'metgezel', 'reisgenoot', 'medegast'], staff: ['receptie', 'receptionist', 'receptioniste', 'medewerker', 'medewerkster', 'hotel', 'personeel', 'verhuurder'], small: ['van', 'de', 'het', 'een', 'door', 'voor', 'en'], date: ['datum'] },
  no: { sign: ['underskrift', 'signatur'], guest: ['gjest', 'gjesten', 'gjestens', 'kundens', 'kunde'], companion: ['ledsager-', 'medreisende-', 'følge-'], staff: ['resepsjon-', 'ansatt-', 'medarbeider-', 'hotell-', 'personale-'], small: ['for', 'av', 'fra', 'og'], date: ['dato'] },
  pl: { sign: ['podpis', 'podpisy'], guest: ['gość', 'gościa', 'klient', 'klienta', 'klientki', 'meldowan-'], companion: ['towarzyszącej', 'towarzyszącego', 'towarzysząca', 'współlokatora', 'współpodróżnego'], staff: ['recepcjonist-', 'recepcji', 'recepcja', 'pracownik-', 'hotel', 'hotelu', 'obsługi'], small: ['osoby', 'osoba', 'i'], date: ['data'] },
  pt: { sign: ['assinatura', 'assinaturas', 'rubrica'], guest: ['hóspede', 'hóspedes', 'cliente', 'titular'], companion: ['acompanhante', 'acompanhantes'], staff: ['recepcionista', 'rececionista', 'receção', 'recepção', 'funcionário', 'funcionária', 'hotel', 'colaborador'], small: ['do', 'da', 'de', 'o', 'a', 'e', 'dos'], date: ['data'] },
  ro: { sign: ['semnătura', 'semnătură', 'semnatura', 'semnături'], guest: ['oaspete', 'oaspetelui', 'client', 'clientului', 'turist', 'turistului', 'clientei'], companion: ['însoțitor', 'însoțitorului', 'însoţitorului', 'insotitorului'], staff: ['recepționer', 'recepționerului', 'recepţionerului', 'recepției', 'recepție', 'angajatului', 'hotelului', 'receptionerului'], small: ['și', 'de', 'a', 'al', 'la'], date: ['data'] },
  ru: { sign: ['подпись', 'подписи'], guest: ['гость', 'гостя', 'клиент', 'клиента', 'проживающ-', 'заказчика'], companion: ['сопровождающ-', 'спутника', 'попутчика'], staff: ['администратор-', 'сотрудник-', 'ресепшн', 'портье', 'гостиниц-', 'отеля', 'исполнителя'], small: ['лица', 'и', 'лицо'], date: ['дата'] },
  sk: { sign: ['podpis'], guest: ['hosť', 'hosťa', 'klient-', 'zákazník-', 'ubytovan-'], companion: ['spolucestujúc-', 'sprievod-', 'spolubývajúc-'], staff: ['recep-', 'zamestnan-', 'hotel-', 'pracovník-'], small: ['a', 'za', 'osoby'], date: ['dátum'] },
  sl: { sign: ['podpis'], guest: ['gost', 'gosta', 'stranke', 'stranka'], companion: ['spremljevalc-', 'spremljevalec', 'sopotnik-'], staff: ['receptor-', 'recepcij-', 'uslužbenc-', 'hotel-', 'zaposlen-'], small: ['in', 'za', 'osebe'], date: ['datum'] },
  sv: { sign: ['underskrift', 'namnteckning', 'signatur', 'namnunderskrift'], guest: ['gäst', 'gästen', 'gästens', 'kund', 'kundens', 'resenärens'], companion: ['medföljande-', 'medresenär-', 'ledsagare-', 'medföljandes'], staff: ['reception-', 'personal-', 'medarbetar-', 'hotell-', 'handläggar-'], small: ['av', 'för', 'från', 'och'], date: ['datum'] },
  th: { sign: ['ลายเซ็น', 'ลายมือชื่อ', 'ลงชื่อ', 'ลงนาม'], guest: ['ผู้เข้าพัก', 'ลูกค้า', 'แขก'], companion: ['ผู้ติดตาม', 'ผู้ร่วมเดินทาง'], staff: ['พนักงาน', 'เจ้าหน้าที่', 'แผนกต้อนรับ', 'โรงแรม'], small: ['ของ', 'ต้อนรับ'], date: ['วันที่'] },
  tr: { sign: ['imza', 'imzası', 'i̇mza', 'i̇mzası', 'ımza'], guest: ['misafir', 'misafirin', 'konuk', 'konuğun', 'müşteri', 'müşterinin'], companion: ['refakatçi', 'refakatçinin', 'eşlik'], staff: ['resepsiyon', 'resepsiyonist', 'personel', 'görevli', 'görevlinin', 'otel', 'çalışan'], small: ['ve', 'eden', 'kişinin'], date: ['tarih'] },
  uk: { sign: ['підпис', 'підписи'], guest: ['гість', 'гостя', 'клієнт-', 'мешканця'], companion: ['супутника', 'супроводжуюч-', 'супроводжувач-'], staff: ['адміністратор-', 'працівник-', 'рецепці-', 'готел-', 'співробітник-'], small: ['особи', 'та', 'і'], date: ['дата'] },
  zh: { sign: ['签名', '签字', '簽名', '簽字', '签署'], guest: ['客人', '宾客', '住客', '賓客', '旅客', '顾客', '客户'], companion: ['同行人', '同住人', '随行人', '同行者'], staff: ['前台', '接待员', '接待', '员工', '經辦人', '经办人', '酒店', '職員'], small: ['的', '处', '人', '員', '员'], date: ['日期'] },
};
