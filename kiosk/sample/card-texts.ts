/** What the sample card says besides the guest's details. A hotel's own lawyer would write it differently; it is here to look real. */

export const REGISTRATION =
  'I confirm that the details above are correct and complete, and that I have received the house rules and the privacy notice. '
  + 'I am responsible for the charges of my stay, including those of accompanying guests, and agree that they may be settled with the '
  + 'payment method presented at check-in. Foreign nationals are registered under the Aliens Act; the card is kept for three months.';

export interface Section { title: string; paragraphs: string[] }

export const HOUSE_RULES: Section = {
  title: 'House rules',
  paragraphs: [
    '1. Arrival and departure. Rooms are available from 15:00 on the day of arrival and are to be vacated by 12:00 on the day of departure. A later departure can be arranged with the reception until 20:00 the evening before, subject to availability and at half the daily rate.',
    '2. Keys. Your key card opens your room, the lift and the entrance between 23:00 and 06:00. Please tell the reception at once if it is lost. The charge for a card that is not returned is SEK 100.',
    '3. Quiet hours. Between 22:00 and 07:00 we ask for quiet in rooms, corridors and the courtyard. Gatherings in rooms need the consent of the duty manager.',
    '4. Smoking. The whole house is smoke-free, balconies included. Where a room has to be aired and cleaned after smoking, a charge of SEK 2,500 is made.',
    '5. Visitors. Visitors are welcome in the public rooms. Persons who stay overnight must be registered at the reception before 22:00.',
    '6. Valuables. Each room has a safe. The hotel answers for valuables only if they were handed to the reception against a receipt.',
    '7. Pets. Dogs are welcome in rooms on the first floor for SEK 250 per night, on a lead in all public rooms and not in the restaurant.',
    '8. Damage. Damage to the room or its furnishings is charged at cost. Please report it before departure.',
    '9. Fire. Escape plans hang on the inside of every door. Do not use the lifts when the alarm sounds; the assembly point is the quay opposite the main entrance.',
    '10. Parking. The garage on Kajgatan is locked at night; a space costs SEK 350 per day. The hotel does not take charge of vehicles or their contents.',
    '11. Cancellation and early departure. For flexible rates the night of arrival is charged after 18:00 on that day. Prepaid rates are not refunded on early departure.',
    '12. Complaints. Please tell us while you are here: the duty manager is reached on extension 9 at any hour. Consumers may also turn to the national board for consumer disputes.',
  ],
};

export const PRIVACY: Section = {
  title: 'How we use your personal data',
  paragraphs: [
    'Controller. Norrvik Hotell AB, Strandkajen 12, 114 56 Stockholm. Our data protection officer is reached at privacy@norrvik.example.',
    'What and why. We process the details on this card to perform the accommodation contract (GDPR Art. 6(1)(b)), to meet our duty to register guests and to keep accounts (Art. 6(1)(c)), and to answer claims (Art. 6(1)(f)). Passport details are taken only where the law asks for them.',
    'Your signature. If you sign on the tablet, the movement of the pen is recorded and sealed to an independent custodian; neither the hotel nor its supplier can open it. It is processed only with your explicit consent (Art. 9(2)(a)). You may sign on paper instead, without any disadvantage.',
    'For how long. Registration details are erased after three months, invoices after seven years, and the signed card when claims from the stay are time-barred.',
    'Who receives it. The police on request in the cases the law names; our payment and booking providers as processors. Data is not transferred outside the European Economic Area.',
    'Your rights. You may ask for access, correction, erasure, restriction and portability, object to processing, and withdraw a consent at any time for the future. You may complain to the supervisory authority of your country or of Sweden.',
  ],
};

export const ACKNOWLEDGEMENT =
  'By signing I confirm that my details on page 1 are correct, that I have read the house rules, and that I have taken note of how my '
  + 'personal data is used. My signature applies to all three pages of this registration card.';
