/**
 * One more seal on a signed PDF, in a revision of its own: an organisation's, whose key is in a token or a service that nobody at
 * "Done" waits for. It covers the whole file so far, and earlier signatures stay as they are (EN 319 142-1 clause 5.3).
 * Before: a signed PDF; `keys/signers`. After: `upgrade-document.ts`, which brings it to a higher level with the others.
 *
 * It says who vouches for the file from now on, not that it was genuine before: `verify` first.
 */
import type { Signer } from '#biometrics/signer.ts';
import { PacketError } from '../errors.ts';
import { signatureBy, signatureDictionary } from '../pades.ts';
import { DocumentForm, ownName } from '../document-form.ts';
import { isFinal, isSigned, lockedBy } from '../permissions.ts';
import { addUnseen } from './revise.ts';

/**
 * @param options `signedAt`: claimed. `place`: null leaves it out. `demo`: the reason says that it is no evidence
 * @throws PacketError UPGRADE_REFUSED for a file without a signature, or whose certification allows no more; INCREMENT_FAILED,
 *   SIGNATURE_TOO_LARGE; the signer's own error if its key is away. `pdf` is never written to.
 */
export function addSeal(pdf: Uint8Array, seal: Signer, options: { signedAt: Date; place: string | null; demo: boolean }): Promise<{ bytes: Uint8Array; field: string }> {
  return addUnseen(pdf, 'seal', (document) => {
    const form = new DocumentForm(document);
    if (!isSigned(form)) throw new PacketError('UPGRADE_REFUSED', 'This PDF has no signature yet. A seal is added to what a guest has signed.');
    // ISO 32000-2 table 257: P 1 permits no change at all
    if (isFinal(form)) throw new PacketError('UPGRADE_REFUSED', 'This PDF is certified so that nothing may be added. Another seal would make its certification invalid.');
    const locking = lockedBy(form, ownName('seal'));
    // table 259: the last of several signers has locked the form, the field of a seal included
    if (locking !== null) throw new PacketError('UPGRADE_REFUSED', `The signature "${locking}" has locked this PDF. Another seal would break it; time-stamps can still be added.`);
    return signatureDictionary(document.context, { ...options, certify: false });
  }, signatureBy(seal));
}
