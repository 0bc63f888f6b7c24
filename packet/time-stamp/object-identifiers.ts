/** Object identifiers of time-stamps, each with the document that names it. Those of CMS itself are in `biometrics/`. */
export const OID = {
  // RFC 3161
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  timeStampToken: '1.2.840.113549.1.9.16.2.14',
  // RFC 2634 section 5.4
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  // RFC 5280 sections 4.2.1.12 and 4.2.1.6
  extendedKeyUsage: '2.5.29.37',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const;
