/**
 * What stands before a reservation number, a room and the guest's name on hotels' papers, by language (ISO 639-1). Lower
 * case (compared as `folded.ts` says), without "no.", "number", "#", which `hints.ts` knows in all of them.
 */
export interface HintWords { reservation: readonly string[]; room: readonly string[]; guestName: readonly string[] }

/** After such a word comes the value itself; alone they say nothing. */
export const numberWords: readonly string[] = [
  'no', 'nr', 'number', 'num', 'núm', 'número', 'numero', 'numéro', 'n', 'nummer', 'numer', 'numeris', 'numurs', 'číslo', 'čislo', 'szám', 'száma', 'numărul', 'numarul', 'номер', '№', 'αριθμός', 'αρ', 'numarası',
  'código', 'codice', 'code', 'kod', 'kód', 'id', 'ref', 'reference', 'numero', 'numerot', 'broj', 'številka', 'رقم', 'מספר', '番号', '号', '號', '号码', '번호', 'หมายเลข', 'เลขที่', 'nb', 'nro', 'č',
];

export const hintWords: Readonly<Record<string, HintWords>> = {
  ar: { reservation: ['رقم الحجز', 'الحجز', 'رقم التأكيد'], room: ['الغرفة', 'رقم الغرفة', 'غرفة'], guestName: ['اسم الضيف', 'اسم النزيل', 'الاسم'] },
  bg: { reservation: ['резервация', 'номер на резервация', 'резервация номер'], room: ['стая', 'номер на стая'], guestName: ['име на гост', 'име на госта', 'гост'] },
  cs: { reservation: ['rezervace', 'číslo rezervace'], room: ['pokoj', 'číslo pokoje'], guestName: ['jméno hosta', 'host', 'jméno', 'jméno a příjmení'] },
  da: { reservation: ['reservation', 'reservationsnummer', 'bookingnummer', 'booking'], room: ['værelse', 'værelsesnummer'], guestName: ['gæstens navn', 'gæst', 'navn'] },
  de: { reservation: ['reservierung', 'reservierungsnummer', 'reservierungs', 'buchung', 'buchungsnummer', 'buchungs', 'bestätigungsnummer', 'res'], room: ['zimmer', 'zimmernummer', 'zi'], guestName: ['name des gastes', 'gastname', 'gast', 'name', 'vor und nachname', 'name vorname'] },
  el: { reservation: ['κράτηση', 'αριθμός κράτησης', 'κωδικός κράτησης'], room: ['δωμάτιο', 'αριθμός δωματίου'], guestName: ['όνομα πελάτη', 'ονοματεπώνυμο', 'όνομα επισκέπτη'] },
  en: { reservation: ['reservation', 'booking', 'confirmation', 'reservation id', 'booking id', 'booking reference', 'booking code', 'conf', 'res', 'folio'], room: ['room', 'unit', 'apartment'], guestName: ['guest name', 'name of guest', 'guest', 'name', 'full name', 'name of the guest', 'guest full name', 'main guest', 'lead guest'] },
  es: { reservation: ['reserva', 'reservación', 'número de reserva', 'localizador', 'confirmación'], room: ['habitación', 'hab', 'número de habitación'], guestName: ['nombre del huésped', 'huésped', 'nombre', 'nombre y apellidos', 'nombre del cliente'] },
  et: { reservation: ['broneering', 'broneeringu', 'broneeringu number'], room: ['tuba', 'toa', 'toa number'], guestName: ['külalise nimi', 'külastaja nimi', 'külaline', 'nimi'] },
  fi: { reservation: ['varaus', 'varausnumero', 'varauksen numero'], room: ['huone', 'huonenumero'], guestName: ['vieraan nimi', 'vieras', 'nimi', 'asiakkaan nimi'] },
  fr: { reservation: ['réservation', 'numéro de réservation', 'confirmation'], room: ['chambre', 'numéro de chambre', 'ch'], guestName: ['nom du client', 'nom', 'client', 'nom et prénom', "nom de l'hôte"] },
  he: { reservation: ['הזמנה', 'מספר הזמנה', 'מספר ההזמנה'], room: ['חדר', 'מספר חדר'], guestName: ['שם האורח', 'שם אורח', 'שם מלא'] },
  hr: { reservation: ['rezervacija', 'broj rezervacije'], room: ['soba', 'broj sobe'], guestName: ['ime gosta', 'gost', 'ime i prezime'] },
  hu: { reservation: ['foglalás', 'foglalási szám', 'foglalási', 'foglalásszám'], room: ['szoba', 'szobaszám'], guestName: ['vendég neve', 'vendég', 'név'] },
  it: { reservation: ['prenotazione', 'numero prenotazione', 'numero di prenotazione', 'codice prenotazione', 'conferma'], room: ['camera', 'numero camera', 'stanza'], guestName: ["nome dell'ospite", 'nome ospite', 'ospite', 'nome e cognome', 'nome'] },
  ja: { reservation: ['予約番号', 'ご予約番号', '確認番号'], room: ['部屋番号', 'お部屋', '客室', '部屋', '客室番号'], guestName: ['お名前', '氏名', 'ご氏名', '宿泊者名', 'お客様名', '宿泊者氏名'] },
  ko: { reservation: ['예약번호', '예약 번호'], room: ['객실', '객실번호', '객실 번호'], guestName: ['성명', '고객명', '투숙객 성명', '이름'] },
  lt: { reservation: ['rezervacija', 'rezervacijos', 'rezervacijos numeris', 'užsakymas', 'užsakymo'], room: ['kambarys', 'kambario', 'kambario numeris'], guestName: ['svečio vardas', 'svečias', 'vardas', 'vardas ir pavardė', 'svečio vardas ir pavardė'] },
  lv: { reservation: ['rezervācija', 'rezervācijas', 'rezervācijas numurs'], room: ['numurs', 'istaba', 'istabas numurs', 'numura', 'istabas'], guestName: ['viesa vārds', 'viesis', 'vārds', 'vārds uzvārds', 'vārds un uzvārds', 'viesa vārds uzvārds'] },
  nl: { reservation: ['reservering', 'reserveringsnummer', 'boeking', 'boekingsnummer', 'reservering nummer'], room: ['kamer', 'kamernummer'], guestName: ['naam gast', 'gast', 'naam', 'naam van de gast', 'gastnaam'] },
  no: { reservation: ['reservasjon', 'reservasjonsnummer', 'bestilling', 'bestillingsnummer', 'booking', 'bookingnummer'], room: ['rom', 'romnummer'], guestName: ['gjestens navn', 'gjest', 'navn'] },
  pl: { reservation: ['rezerwacja', 'rezerwacji', 'numer rezerwacji'], room: ['pokój', 'numer pokoju', 'pokoju'], guestName: ['imię i nazwisko gościa', 'gość', 'imię i nazwisko', 'nazwisko gościa'] },
  pt: { reservation: ['reserva', 'número da reserva', 'código da reserva', 'número de reserva', 'confirmação'], room: ['quarto', 'apartamento', 'número do quarto'], guestName: ['nome do hóspede', 'hóspede', 'nome', 'nome completo'] },
  ro: { reservation: ['rezervare', 'numărul rezervării', 'număr rezervare', 'rezervării'], room: ['camera', 'camerei', 'număr cameră', 'cameră'], guestName: ['numele oaspetelui', 'oaspete', 'nume', 'nume și prenume', 'numele clientului'] },
  ru: { reservation: ['бронирование', 'бронь', 'номер бронирования', 'номер брони', 'бронирования', 'брони'], room: ['комната', 'номер комнаты', 'номер', 'комнаты'], guestName: ['имя гостя', 'гость', 'фио', 'фамилия имя', 'ф и о гостя'] },
  sk: { reservation: ['rezervácia', 'číslo rezervácie', 'rezervácie'], room: ['izba', 'číslo izby', 'izby'], guestName: ['meno hosťa', 'hosť', 'meno', 'meno a priezvisko'] },
  sl: { reservation: ['rezervacija', 'številka rezervacije'], room: ['soba', 'številka sobe'], guestName: ['ime gosta', 'gost', 'ime in priimek'] },
  sv: { reservation: ['bokning', 'bokningsnummer', 'reservation', 'reservationsnummer', 'boknings'], room: ['rum', 'rumsnummer', 'rums'], guestName: ['gästens namn', 'gäst', 'namn', 'gästnamn'] },
  th: { reservation: ['หมายเลขการจอง', 'เลขที่การจอง', 'รหัสการจอง'], room: ['ห้อง', 'หมายเลขห้อง', 'ห้องพัก'], guestName: ['ชื่อผู้เข้าพัก', 'ชื่อลูกค้า', 'ชื่อ นามสกุล'] },
  tr: { reservation: ['rezervasyon', 'rezervasyon numarası'], room: ['oda', 'oda numarası'], guestName: ['misafir adı', 'konuk adı', 'misafir', 'adı soyadı', 'ad soyad'] },
  uk: { reservation: ['бронювання', 'номер бронювання', 'бронь'], room: ['кімната', 'номер кімнати', 'номер'], guestName: ["ім'я гостя", 'гість', 'піб'] },
  zh: { reservation: ['预订号', '预订编号', '预订号码', '订单号', '确认号', '預訂編號', '订单编号'], room: ['房间', '房号', '房间号', '房號', '房间号码'], guestName: ['姓名', '客人姓名', '宾客姓名', '住客姓名', '旅客姓名'] },
};
