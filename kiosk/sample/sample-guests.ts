/** Guests that do not exist, with names as hotels meet them. Numbers are made up; addresses end in `.example`. */

export interface SampleGuest {
  name: string;
  /** The name as the passport's machine-readable zone would have it. */
  latinName: string;
  /** ISO date. */
  born: string;
  nationality: string;
  passport: string;
  address: string;
  email: string;
  phone: string;
  companion: { name: string; born: string; nationality: string; passport: string };
}

/** One guest per script that a card must be able to show. */
export const sampleGuests: { latin: SampleGuest; cyrillic: SampleGuest; greek: SampleGuest; arabic: SampleGuest; chinese: SampleGuest } = {
  latin: {
    name: 'Elīna Bērziņa', latinName: 'BERZINA ELINA', born: '1986-05-17', nationality: 'Latvia', passport: 'LV4150937',
    address: 'Brīvības iela 58–14, Rīga, LV-1011, Latvia', email: 'elina.berzina@post.example', phone: '+371 2000 0147',
    companion: { name: 'Jānis Bērziņš', born: '1984-11-02', nationality: 'Latvia', passport: 'LV4150938' },
  },
  cyrillic: {
    name: 'Светлана Щербакова', latinName: 'SHCHERBAKOVA SVETLANA', born: '1979-02-24', nationality: 'Kazakhstan', passport: 'N11840265',
    address: 'ул. Абая 12, кв. 40, Алматы 050000, Қазақстан', email: 's.shcherbakova@post.example', phone: '+7 700 000 01 47',
    companion: { name: 'Николай Щербаков', born: '1977-08-13', nationality: 'Kazakhstan', passport: 'N11840266' },
  },
  greek: {
    name: 'Γιώργος Παπαδόπουλος', latinName: 'PAPADOPOULOS GEORGIOS', born: '1991-09-30', nationality: 'Greece', passport: 'AT2837465',
    address: 'Οδός Ερμού 27, 105 63 Αθήνα, Ελλάδα', email: 'g.papadopoulos@post.example', phone: '+30 690 000 0147',
    companion: { name: 'Ελένη Οικονόμου', born: '1993-01-08', nationality: 'Greece', passport: 'AT2837466' },
  },
  arabic: {
    name: 'محمد عبد الله الخالدي', latinName: 'AL KHALIDI MOHAMMED ABDULLAH', born: '1982-07-05', nationality: 'Jordan', passport: 'P4820193',
    address: 'شارع الرينبو 33، عمّان 11183، الأردن', email: 'm.alkhalidi@post.example', phone: '+962 7 9000 0147',
    companion: { name: 'ليلى الخالدي', born: '1985-12-19', nationality: 'Jordan', passport: 'P4820194' },
  },
  chinese: {
    name: '王小明', latinName: 'WANG XIAOMING', born: '1988-03-21', nationality: 'China', passport: 'EJ0472915',
    address: '上海市浦东新区世纪大道100号 200120', email: 'wang.xiaoming@post.example', phone: '+86 130 0000 0147',
    companion: { name: '李静', born: '1990-10-11', nationality: 'China', passport: 'EJ0472916' },
  },
};
