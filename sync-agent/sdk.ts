/** The AWS Encryption SDK, loaded when first used: it brings 70 packages, and a station must start before it needs them. */
export async function loadSdk(): Promise<typeof import('@aws-crypto/client-node')> {
  return import('@aws-crypto/client-node');
}
